{
  let tries = 0;
  const look = () => {
    const target = document.querySelector("SELECTOR");
    if (target) {
      document.fonts.ready.then(() => target.scrollIntoView({ block: "BLOCK" }));
    } else if (300 > tries++) {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}
