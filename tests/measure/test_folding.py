import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.measure.folding import folded

POSTS = {"account": ["a", "a", "b"], "likes": [1, 2, None], "kind": ["text", "video", "text"]}
ASKED = ibis.table({"account": "string", "likes": "int64", "kind": "string"}, name="posts")


def liked(posts: ir.Table) -> ir.Table:
    found = posts.group_by("account").agg(n=posts.count(), likes=posts.likes.sum())
    return found.mutate(mean=found.likes / found.n)


def counted(posts: ir.Table) -> ir.Table:
    return posts.group_by("account").agg(posts=posts.count(), most=posts.likes.max())


def answered(question: ir.Table, **more: pa.Table) -> pa.Table:
    with duckdb.connect() as held:
        for name, rows in {"posts": pa.table(POSTS), **more}.items():
            held.register(name, rows)
        sql = str(ibis.to_sql(question.order_by("account"), dialect="duckdb"))
        return held.execute(sql).to_arrow_table()


def test_what_is_grouped_alike_is_gone_through_once() -> None:
    folds, questions = folded({"liked": liked(ASKED), "counted": counted(ASKED)})
    ((name, fold),) = folds.items()
    # The account, the count that both ask for, the sum and the greatest.
    assert len(fold.columns) == 4
    for known, build in (("liked", liked), ("counted", counted)):
        upon = answered(questions[known], **{name: answered(fold)})
        assert upon.equals(answered(build(ASKED)))


def test_rows_that_are_not_the_same_are_not_folded() -> None:
    videos = ASKED.filter(ASKED.kind == "video")
    folds, questions = folded({"liked": liked(ASKED), "videos": counted(videos)})
    assert folds == {}
    assert questions["videos"].equals(counted(videos))
