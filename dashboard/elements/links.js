// Links of our own pages open inside the running session, as Streamlit's own do; without this they reload the page.
// Streamlit drops a script in which a less-than sign stands before a letter or digit.
if (!window.quoteTrackerLinks) {
  window.quoteTrackerLinks = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".stHtml a[href]");
    const modified = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || modified || event.defaultPrevented || link.target === "_blank" || link.origin !== location.origin) {
      return;
    }
    event.preventDefault();
    history.pushState({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
    const main = document.querySelector(".stMain");
    if (main && !("stay" in link.dataset)) {
      main.scrollTo(0, 0);
    }
  });
}
