"""Generates the dictionary of PS3.6 as C# and a compact table.

usage: generate.py FOLDER [private.dic], with data-elements.tsv (tag, vr, vm, name, retired, keyword) and uids.tsv (uid,
name, type, info, retired, keyword): facts of the standard. private.dic is DCMTK's table of the private elements that
vendors' conformance statements name.
"""

import csv
import pathlib
import re
import sys

source, here = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).parent


def rows(name):
    with open(source / name, encoding="utf-8") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def identifier(keyword):
    return keyword if keyword[0].isalpha() else "_" + keyword


HEAD = "// Made by generate.py from the tables of PS3.6; do not edit.\n#nullable enable\nnamespace Fiducial.Dicom;\n\n"

tags, table, seen = [], [], set()
for r in rows("data-elements.tsv"):
    tag, keyword = r["tag"].upper().replace("(", "").replace(")", "").replace(",", ""), r["keyword"]
    if not keyword or len(tag) != 8 or keyword in seen:
        continue
    seen.add(keyword)
    table.append("\t".join([tag.replace("X", "x"), keyword, r["name"], r["vr"], r["vm"], r["retired"]]))
    if "X" not in tag:
        tags.append(f"    public static DicomTag {identifier(keyword)} => new(0x{tag[:4]}, 0x{tag[4:]});")
(here / "DicomTags.generated.cs").write_text(
    HEAD
    + "/// <summary>The data elements of PS3.6, by keyword.</summary>\npublic static partial class DicomTags\n{\n"
    + "\n".join(tags)
    + "\n}\n"
)
(here / "dictionary.tsv").write_text("\n".join(table) + "\n")

constants, names, used = [], [], set()
for r in rows("uids.tsv"):
    keyword = r["keyword"]
    if r["type"] not in ("SOP Class", "Transfer Syntax", "Meta SOP Class", "Service Class") or not keyword:
        continue
    names.append("\t".join([r["uid"], r["name"], r["type"], r["retired"]]))
    if keyword not in used:
        used.add(keyword)
        constants.append(f'    public const string {identifier(keyword)} = "{r["uid"]}";')
(here / "DicomUids.generated.cs").write_text(
    HEAD
    + "/// <summary>SOP classes and transfer syntaxes of PS3.6, by keyword.</summary>\npublic static partial class DicomUids\n{\n"
    + "\n".join(constants)
    + "\n}\n"
)
(here / "uids.tsv").write_text("\n".join(names) + "\n")

if len(sys.argv) > 2:
    private = set()
    for line in open(sys.argv[2], encoding="latin-1"):
        row = re.match(r'\(([0-9a-fA-F]{4}),"([^"]*)",([0-9a-fA-F]{2})\)\t([A-Z]{2})\t(\w+)\t', line)
        if row and row[4] != "UN":
            private.add("\t".join([row[1].upper() + row[3].upper(), row[2].rstrip(), row[4], row[5]]))
    (here / "private.tsv").write_text("\n".join(sorted(private)) + "\n", encoding="latin-1")

# PS3.15 table E.1-1: tag (x for any digit, or "private"), basic profile, then the columns of the options in the table's order.
if (source / "ps3.15-confidentiality-profile.tsv").exists():
    actions = []
    for line in open(source / "ps3.15-confidentiality-profile.tsv", encoding="utf-8"):
        cells = line.rstrip("\n").split("\t")
        tag = re.fullmatch(r"\(([0-9A-FX]{4}),([0-9A-FX]{4})\)", cells[1].upper()) if len(cells) == 15 else None
        if tag:
            actions.append("\t".join([(tag[1] + tag[2]).replace("X", "x"), cells[3], *cells[5:14]]))
    (here / "../Deidentification/confidentiality.tsv").write_text("\n".join(sorted(actions)) + "\n")
