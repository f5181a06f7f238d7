"""What the database itself keeps in step with conversations: tallies, marks, the index of words.

Triggers, as no write goes past them: bulk, updates and cascades. Over SQLite, Django makes a table
anew to change it, and its triggers go with the old one: a migration that does so to conversations
or their words calls ``take_away`` before and ``install`` after.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import atomic

INDEX = "inbox_wording_index"
FIELDS = ("state", "kind", "service_id", "merged_into_id")
_MARKS = (
    "'=' || {row}.state || ' =' || {row}.kind || ' =service' || coalesce({row}.service_id, 0) || "
    "CASE WHEN {row}.merged_into_id IS NULL THEN '' ELSE ' =merged' END"
)
_WHERE = "service = coalesce({row}.service_id, 0) AND state = {row}.state AND kind = {row}.kind"
_LISTED = "{row}.merged_into_id IS NULL"


def _more(row: str) -> str:
    where, listed = _WHERE.format(row=row), _LISTED.format(row=row)
    return f"""
        INSERT INTO inbox_tally(service, state, kind, count)
            SELECT coalesce({row}.service_id, 0), {row}.state, {row}.kind, 0
            WHERE {listed} AND NOT EXISTS (SELECT 1 FROM inbox_tally WHERE {where});
        UPDATE inbox_tally SET count = count + 1 WHERE {listed} AND {where};"""


def _fewer(row: str) -> str:
    where, listed = _WHERE.format(row=row), _LISTED.format(row=row)
    return f"UPDATE inbox_tally SET count = count - 1 WHERE {listed} AND {where};"


_CHANGED = " OR ".join(f"old.{name} IS NOT new.{name}" for name in FIELDS)
SQLITE = {
    "inbox_conversation_added": f"""AFTER INSERT ON inbox_conversation BEGIN {_more("new")} END""",
    "inbox_conversation_gone": f"""AFTER DELETE ON inbox_conversation BEGIN {_fewer("old")} END""",
    "inbox_conversation_changed": f"""AFTER UPDATE OF {", ".join(FIELDS)} ON inbox_conversation
        WHEN {_CHANGED} BEGIN
            {_fewer("old")} {_more("new")}
            UPDATE inbox_wording SET marks = {_MARKS.format(row="new")}
                WHERE conversation_id = new.id;
        END""",
    "inbox_wording_added": """AFTER INSERT ON inbox_wording BEGIN
        INSERT INTO inbox_wording_index(rowid, words, marks)
            VALUES (new.conversation_id, new.words, new.marks);
    END""",
    "inbox_wording_gone": """AFTER DELETE ON inbox_wording BEGIN
        INSERT INTO inbox_wording_index(inbox_wording_index, rowid, words, marks)
            VALUES ('delete', old.conversation_id, old.words, old.marks);
    END""",
    "inbox_wording_changed": """AFTER UPDATE ON inbox_wording BEGIN
        INSERT INTO inbox_wording_index(inbox_wording_index, rowid, words, marks)
            VALUES ('delete', old.conversation_id, old.words, old.marks);
        INSERT INTO inbox_wording_index(rowid, words, marks)
            VALUES (new.conversation_id, new.words, new.marks);
    END""",
}
"""The name of each trigger, and what it does."""
SQLITE_INDEX = """CREATE VIRTUAL TABLE inbox_wording_index USING fts5(
    words, marks, content='inbox_wording', content_rowid='conversation_id', columnsize=0,
    tokenize="unicode61 remove_diacritics 0 tokenchars '='")"""

_TALLIED = "SELECT coalesce(service_id, 0) AS service, state, kind, {n} AS n FROM {rows} {where}"
_DELTAS = """INSERT INTO inbox_tally(service, state, kind, count)
    SELECT service, state, kind, sum(n) FROM ({rows}) AS moved
    GROUP BY service, state, kind HAVING sum(n) <> 0;"""
_LISTED_ROWS = "WHERE merged_into_id IS NULL"


def _deltas(*moved: tuple[int, str]) -> str:
    rows = [_TALLIED.format(n=n, rows=rows, where=_LISTED_ROWS) for n, rows in moved]
    return _DELTAS.format(rows=" UNION ALL ".join(rows))


def _function(name: str, body: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN {body} RETURN NULL; END $$"""


_TUPLE = "({row}.state, {row}.kind, {row}.service_id, {row}.merged_into_id)"
POSTGRESQL_FUNCTIONS = {
    "inbox_conversation_added": _deltas((1, "added_rows")),
    "inbox_conversation_gone": _deltas((-1, "gone_rows")),
    "inbox_conversation_emptied": "DELETE FROM inbox_tally;",
    "inbox_conversation_changed": f"""
        {_deltas((-1, "gone_rows"), (1, "added_rows"))}
        UPDATE inbox_wording SET marks = moved.marks FROM (
            SELECT added.id, {_MARKS.format(row="added")} AS marks
            FROM added_rows AS added JOIN gone_rows AS gone ON gone.id = added.id
            WHERE {_TUPLE.format(row="added")} IS DISTINCT FROM {_TUPLE.format(row="gone")}
        ) AS moved WHERE inbox_wording.conversation_id = moved.id;""",
}
POSTGRESQL = {
    "inbox_conversation_added": "AFTER INSERT ON inbox_conversation "
    "REFERENCING NEW TABLE AS added_rows FOR EACH STATEMENT",
    "inbox_conversation_gone": "AFTER DELETE ON inbox_conversation "
    "REFERENCING OLD TABLE AS gone_rows FOR EACH STATEMENT",
    "inbox_conversation_emptied": "AFTER TRUNCATE ON inbox_conversation FOR EACH STATEMENT",
    "inbox_conversation_changed": "AFTER UPDATE ON inbox_conversation "
    "REFERENCING OLD TABLE AS gone_rows NEW TABLE AS added_rows FOR EACH STATEMENT",
}
# PostgreSQL's planner would read every conversation's words again for one that nearly all hold, as
# it does not know how long that takes: the cost of the function says so.
POSTGRESQL_INDEX = (
    """CREATE OR REPLACE FUNCTION inbox_said(words text, marks text) RETURNS tsvector
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100000
        AS $$ BEGIN RETURN to_tsvector('pg_catalog.simple', words)
            || array_to_tsvector(string_to_array(marks, ' ')); END $$""",
    "CREATE INDEX inbox_wording_index ON inbox_wording USING gin (inbox_said(words, marks))",
)
# It keeps a text beside its table from two thousand bytes on, and reads a table by whole pages to
# count: with the words beside it, that is a fifth of them. What stays says which words stand side
# by side, in two bits for each pair: where one of a phrase is not set, its words are not fetched.
POSTGRESQL_BESIDE = (
    # What still waits to be checked at the end would refuse an index.
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE inbox_wording ADD COLUMN IF NOT EXISTS pairs bit(1024)",
    "ALTER TABLE inbox_wording ALTER COLUMN pairs SET STORAGE PLAIN",
    "ALTER TABLE inbox_wording SET (toast_tuple_target = 384)",
    # By a hash that tables are divided by too: it stays the same from one version to the next.
    """CREATE OR REPLACE FUNCTION inbox_pairs(words text) RETURNS bit(1024)
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
        DECLARE
            said text[] := string_to_array(rtrim(words), ' ');
            found bit(1024) := repeat('0', 1024)::bit(1024);
            pair bigint;
        BEGIN
            FOR n IN 2 .. coalesce(cardinality(said), 0) LOOP
                pair := hashtextextended(said[n - 1] || ' ' || left(said[n], 4), 0);
                found := set_bit(found, (pair & 1023)::int, 1);
                found := set_bit(found, ((pair >> 10) & 1023)::int, 1);
            END LOOP;
            RETURN found;
        END $$""",
    """CREATE OR REPLACE FUNCTION inbox_words_beside() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.pairs := inbox_pairs(NEW.words);
        NEW.words := rpad(NEW.words, greatest(length(NEW.words), 2100));
        RETURN NEW; END $$""",
    "DROP TRIGGER IF EXISTS inbox_words_beside ON inbox_wording",
    """CREATE TRIGGER inbox_words_beside BEFORE INSERT OR UPDATE OF words ON inbox_wording
        FOR EACH ROW EXECUTE FUNCTION inbox_words_beside()""",
    # Written anew as a whole: what is updated goes where there is room between the old.
    """CREATE TEMPORARY TABLE inbox_wording_before ON COMMIT DROP AS
        SELECT conversation_id, words, marks FROM inbox_wording""",
    "TRUNCATE inbox_wording",
    """INSERT INTO inbox_wording(conversation_id, words, marks)
        SELECT conversation_id, words, marks FROM inbox_wording_before ORDER BY conversation_id""",
    "DROP TABLE inbox_wording_before",
)
TAKE_STOCK = _deltas((1, "inbox_conversation")).rstrip(";")
_MARKS_OF_ROW = f"""(SELECT {_MARKS.format(row="one")} FROM inbox_conversation AS one
    WHERE one.id = inbox_wording.conversation_id)"""
MARKS_WRONG = f"SELECT count(*) FROM inbox_wording WHERE marks <> {_MARKS_OF_ROW}"
MARK_ALL = f"UPDATE inbox_wording SET marks = {_MARKS_OF_ROW} WHERE marks <> {_MARKS_OF_ROW}"


def take_away(database: BaseDatabaseWrapper) -> None:
    """Take the triggers on conversations and the index of words away."""
    if database.vendor == "postgresql":
        _do(database, *(f"DROP TRIGGER IF EXISTS {n} ON inbox_conversation" for n in POSTGRESQL))
        _do(database, "DROP INDEX IF EXISTS inbox_wording_index")
    else:
        _do(database, *(f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE))
        _do(database, "DROP TABLE IF EXISTS inbox_wording_index")


def install(database: BaseDatabaseWrapper) -> None:
    """Count everything anew, write all marks, index all words, and keep them so: all or nothing."""
    with atomic(using=database.alias):
        _do(database, "DELETE FROM inbox_tally", TAKE_STOCK, MARK_ALL)
        if database.vendor == "postgresql":
            _do(database, *POSTGRESQL_BESIDE)
            _do(database, *(_function(name, body) for name, body in POSTGRESQL_FUNCTIONS.items()))
            _do(database, *(
                f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"
                for name, when in POSTGRESQL.items()
            ), *POSTGRESQL_INDEX)  # fmt: skip
        else:
            _do(database, SQLITE_INDEX)
            _do(database, "INSERT INTO inbox_wording_index(inbox_wording_index) VALUES ('rebuild')")
            _do(database, *(f"CREATE TRIGGER {name} {does}" for name, does in SQLITE.items()))


def _do(database: BaseDatabaseWrapper, *statements: str) -> None:
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
