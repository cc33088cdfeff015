"""Queries to begin with, each with the question that it answers."""

EXAMPLES = {
    "Who is quoted most": """select speaker, count(*) as statements
from statements_view
where cue_class in ('speech', 'writing') and speaker is not null
group by speaker
order by statements desc
limit 20""",
    "What was said against whom, newest first": """select
    coalesce(said_on, published) as day, speaker, stance.target, text
from statements_view, unnest(stances) as found(stance)
where stance.stance = 'against'
order by day desc nulls last
limit 50""",
    "Statements a month": """select date_trunc('month', coalesce(said_on, published)) as month, count(*) as statements
from statements_view
group by month
order by month""",
    "The surest quotations word for word": """select confidence, speaker, text, title
from statements_view
where kind = 'direct'
order by confidence desc
limit 20""",
}
