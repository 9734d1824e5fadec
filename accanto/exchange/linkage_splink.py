"""The probabilistic comparison by Splink, in a process of its own: `python -I linkage_splink.py FOLDER THRESHOLD`.

Reads FOLDER/rows.csv and FOLDER/known.csv, prints [[row, subject, probability]] as JSON. It imports nothing of Accanto:
the database of Splink (DuckDB) works in memory, with a bound, and its threads and its memory end with it."""

import csv
import json
import sys
from pathlib import Path

MEMORY = "450MB"
ENOUGH = 2_000  # records on each side from which how common names are is measured instead of assumed
BLOCKS = [
    "l.birth_date = r.birth_date",
    "l.sounds = r.sounds",
    "l.family_name = r.family_name and substr(l.birth_date, 1, 4) = substr(r.birth_date, 1, 4)",
    "l.given_name = r.given_name and l.family_name = r.family_name",
    "l.turned = r.birth_date",
]


def settings():
    """How likely each degree of agreement is between two records of one person (m) and of two (u). The first are of
    registries kept by hand, where codes and dates are misspelt now and then; the second are measured where there are
    records enough."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons
    from splink import SettingsCreator

    def name(column):
        return comparisons.CustomComparison(
            output_column_name=column,
            comparison_levels=[
                levels.NullLevel(column),
                levels.ExactMatchLevel(column).configure(m_probability=0.82, u_probability=0.004),
                levels.JaroWinklerLevel(column, 0.9).configure(m_probability=0.12, u_probability=0.006),
                levels.ElseLevel().configure(m_probability=0.06, u_probability=0.99),
            ],
        )

    date = comparisons.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            levels.NullLevel("birth_date"),
            levels.ExactMatchLevel("birth_date").configure(m_probability=0.9, u_probability=0.00006),
            levels.CustomLevel("turned_l = birth_date_r", "day and month the other way round").configure(
                m_probability=0.03, u_probability=0.00006
            ),
            levels.DamerauLevenshteinLevel("birth_date", 1).configure(m_probability=0.04, u_probability=0.002),
            levels.ElseLevel().configure(m_probability=0.03, u_probability=0.99788),
        ],
    )
    code = comparisons.CustomComparison(
        output_column_name="fiscal_code",
        comparison_levels=[
            levels.NullLevel("fiscal_code"),
            levels.ExactMatchLevel("fiscal_code").configure(m_probability=0.9, u_probability=0.000001),
            levels.DamerauLevenshteinLevel("fiscal_code", 2).configure(m_probability=0.07, u_probability=0.000005),
            levels.ElseLevel().configure(m_probability=0.03, u_probability=0.999994),
        ],
    )
    sex = comparisons.CustomComparison(
        output_column_name="sex",
        comparison_levels=[
            levels.NullLevel("sex"),
            levels.ExactMatchLevel("sex").configure(m_probability=0.99, u_probability=0.5),
            levels.ElseLevel().configure(m_probability=0.01, u_probability=0.5),
        ],
    )
    return SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=0.0001,
        comparisons=[name("family_name"), name("given_name"), date, code, sex],
        blocking_rules_to_generate_predictions=BLOCKS,
        retain_intermediate_calculation_columns=False,
    )


def main(folder, threshold):
    import duckdb
    from splink import DuckDBAPI, Linker

    connection = duckdb.connect()
    connection.execute(f"set memory_limit = '{MEMORY}'")
    connection.execute("set threads = 2")
    sizes = []
    for name in ("rows", "known"):
        with Path(folder, f"{name}.csv").open(newline="", encoding="utf-8") as file:
            sizes.append(sum(1 for _row in csv.reader(file)) - 1)
        connection.execute(
            f"create table {name} as select unique_id::bigint as unique_id, nullif(family_name, '') as family_name, "
            "nullif(given_name, '') as given_name, nullif(birth_date, '') as birth_date, nullif(fiscal_code, '') as "
            "fiscal_code, nullif(sex, '') as sex, sounds, case when birth_date <> '' then substr(birth_date, 1, 5) || "
            "substr(birth_date, 9, 2) || '-' || substr(birth_date, 6, 2) end as turned "
            "from read_csv(?, all_varchar = true)",
            [str(Path(folder, f"{name}.csv"))],
        )
    api = DuckDBAPI(connection=connection)
    tables = [api.register(name, dataset_display_name=name) for name in ("rows", "known")]
    linker = Linker(tables, settings())
    if min(sizes) >= ENOUGH:
        linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    found = linker.inference.predict(threshold_match_probability=threshold)
    table = found.physical_name
    side = "case when source_dataset_{0} = 'rows' then unique_id_{0} end"
    other = "case when source_dataset_{0} = 'known' then unique_id_{0} end"
    rows = connection.execute(
        f"select coalesce({side.format('l')}, {side.format('r')}), coalesce({other.format('l')}, {other.format('r')}), "
        f"match_probability from {table} order by 1, 3 desc, 2"
    ).fetchall()
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
