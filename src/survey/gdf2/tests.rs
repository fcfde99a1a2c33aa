//! Definitions and rows as programs and contractors write them.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::survey::table::{Row, Table};

const DFN: &str = "DEFN   ST=RECD,RT=COMM;RT:A4;COMMENTS:A76\n\
                   DEFN 1 ST=RECD,RT=;Line:I4:NULL=-99,NAME=a: b\n\
                   DEFN 2 ST=RECD,RT=; Tx_Roll : F6.1 : UNIT=deg : NULL=-99.9\n\
                   DEFN 3 ST=RECD,RT=; EM : 2e8.1 : NULL=*;END DEFN\n\
                   anything\n";
/// A text that may have blanks, and a last text that may be cut off.
const TEXTS: &str = "DEFN ST=RECD,RT=;Line:I4;Craft:A8;X:F6.1;Date:I6;Note:A6\n";

type RowNumbers = std::result::Result<Vec<Option<f64>>, String>;

fn definition(text: &str) -> Result<Definition> {
    Definition::parse(text, Path::new("t.dfn"))
}

fn message(text: &str) -> String {
    definition(text).unwrap_err().to_string()
}

fn table(dfn: &str, text: &str) -> Table {
    Table::of_text_defined(text, Path::new("t.dat"), &definition(dfn).unwrap()).unwrap()
}

/// Applies `of` to each row, or returns its error.
fn each<T>(table: &Table, of: impl Fn(&Row) -> std::result::Result<T, String>) -> Vec<std::result::Result<T, String>> {
    let mut rows = table.rows().unwrap();
    let mut all = Vec::new();
    while let Some((_, row)) = rows.next().unwrap() {
        all.push(row.map_err(|error| error.to_string()).and_then(|row| of(&row)));
    }
    all
}

/// Returns the numbers of each row, or its error.
fn rows(dfn: &str, text: &str) -> Vec<RowNumbers> {
    let table = table(dfn, text);
    let number = |row: &Row, column| row.number(column).map_err(|error| error.to_string());
    each(&table, |row| (0..table.names.len()).map(|column| number(row, column)).collect())
}

/// Returns the cells of each row joined by `|`, or its error.
fn cells(dfn: &str, text: &str) -> Vec<String> {
    let table = table(dfn, text);
    let joined = |row: &Row| (0..table.names.len()).map(|i| row.text(i).into_owned()).collect::<Vec<_>>().join("|");
    each(&table, |row| Ok(joined(row))).into_iter().map(|row| row.unwrap_or_else(|error| error)).collect()
}

fn names(dfn: &str) -> Vec<(String, usize, usize)> {
    let field = |field: FieldDefinition| (field.name, field.format.count, field.format.width);
    definition(dfn).unwrap().fields.into_iter().map(field).collect()
}

fn nulls(dfn: &str) -> Vec<Option<String>> {
    let null = |field: FieldDefinition| field.null.map(|null| null.text);
    definition(dfn).unwrap().fields.into_iter().map(null).collect()
}

#[test]
fn fields_have_names_columns_and_nulls() {
    let name = |name: &str, count, width| (name.to_owned(), count, width);
    assert_eq!(names(DFN), [name("Line", 1, 4), name("Tx_Roll", 1, 6), name("EM", 2, 8)]);
    assert_eq!(nulls(DFN), ["-99", "-99.9", "*"].map(|null| Some(null.to_owned())));
    let lines: Vec<usize> = definition(DFN).unwrap().fields.iter().map(|field| field.line).collect();
    assert_eq!(lines, [2, 3, 4]);
}

#[test]
fn rows_of_the_definitions_length_are_cut_at_its_widths() {
    let text = "1200Bell 206 130.7202607ok 1  \n1200Bell 206 130.7202607      \n1201 Cessna   30.7202607fine  \n";
    assert_eq!(
        cells(TEXTS, text),
        ["1200|Bell 206|130.7|202607|ok 1", "1200|Bell 206|130.7|202607|", "1201|Cessna|30.7|202607|fine"]
    );
    // By chance, this row has as many words as columns.
    assert_eq!(cells(TEXTS, " 120Bell 206  30.7202607 ok 1 \n"), ["120|Bell 206|30.7|202607|ok 1"]);
    assert_eq!(
        rows(DFN, "1000-999.9-1.0E-03-2.0E-03\n1000 -99.9-1.0E-03      -2\n  10   1.5               *\n"),
        [
            Ok(vec![Some(1000.0), Some(-999.9), Some(-1e-3), Some(-2e-3)]),
            Ok(vec![Some(1000.0), None, Some(-1e-3), Some(-2.0)]),
            Ok(vec![Some(10.0), Some(1.5), None, None]),
        ]
    );
}

#[test]
fn rows_may_end_early_where_only_blanks_are_missing() {
    let whole = "  10   1.5    1e-3     4.0\n";
    let short = |row: &str| rows(DFN, &format!("{whole}{whole}{row}\n")).pop().unwrap();
    assert_eq!(short("  10 -99.9 1.0E-03"), Ok(vec![Some(10.0), None, Some(1e-3), None]));
    assert_eq!(short("  10 -99.9 1.0E-03     4.0   \r"), Ok(vec![Some(10.0), None, Some(1e-3), Some(4.0)]));
    // A row that ends within a number is broken off, and a number that was read would be wrong.
    let expected = "expected 26 characters, or 4 words as defined in t.dfn";
    assert_eq!(short("  10-199.9-1.0E-03-4"), Err(format!("t.dat, line 3: got 1 words in 20 characters, {expected}")));
    assert_eq!(short("1 2 3"), Err(format!("t.dat, line 3: got 3 words in 5 characters, {expected}")));
    // All rows of this file end early, at the last text that is not blank.
    let text = "1200Bell 206 130.7202607\n1200Bell 206 130.7202607ok\n1200Bell 206 130.7202607\n";
    assert_eq!(cells(TEXTS, text)[1..], ["1200|Bell 206|130.7|202607|ok", "1200|Bell 206|130.7|202607|"]);
    let expected = "expected 30 characters (texts may have blanks, so that words do not count) as defined in t.dfn";
    assert_eq!(
        cells(TEXTS, &format!("{text}1200Bell 206 130.720\n"))[3],
        format!("t.dat, line 4: got 3 words in 20 characters, {expected}")
    );
}

#[test]
fn numbers_may_be_at_the_left_of_their_cells() {
    let dfn = "DEFN ST=RECD,RT=;Craft:A8;Line:I6;X:F8.1\n";
    assert_eq!(cells(dfn, "Bell 2061200  30.5\nBell    12    7.25\n"), ["Bell 206|1200|30.5", "Bell|12|7.25"]);
}

#[test]
fn a_number_wider_than_its_field_makes_a_row_longer() {
    let whole = "  10   1.5    1e-3     4.0\n";
    let long = |row: &str| rows(DFN, &format!("{whole}{whole}{row}\n")).pop().unwrap();
    assert_eq!(long("  10 12345.5    1e-3     4.0"), Ok([10.0, 12345.5, 1e-3, 4.0].map(Some).to_vec()));
    let expected = "expected 26 characters, or 4 words as defined in t.dfn";
    assert_eq!(
        long("  10-12345.5    1e-3     4.0"),
        Err(format!("t.dat, line 3: got 3 words in 28 characters, {expected}"))
    );
    // The words of a row with texts are not its cells for sure.
    let rows = cells(TEXTS, "1200Bell 206 130.7202607ok 1  \n1200Bell 206 1130.7202607 ok 1\n");
    assert!(
        rows[1].starts_with("t.dat, line 2: got 5 words in 30 characters") || rows[1].contains("1130."),
        "{rows:?}"
    );
}

#[test]
fn files_without_widths_are_split_at_blanks_or_tabs() {
    let text = "10 1.5 1e-3 4\n1000 -99.9 * 5.25\n7 1 2 3 4\n  10   1.5-1.0E-03     4.0\n";
    let expected = "expected 4 words, or 26 characters as defined in t.dfn";
    assert_eq!(
        rows(DFN, text),
        [
            Ok([10.0, 1.5, 1e-3, 4.0].map(Some).to_vec()),
            Ok(vec![Some(1000.0), None, None, Some(5.25)]),
            Err(format!("t.dat, line 3: got 5 words in 9 characters, {expected}")),
            Ok([10.0, 1.5, -1e-3, 4.0].map(Some).to_vec()),
        ]
    );
    let tabs = "10\t1.5\t\t4\n11\t1.5\t1\t4\n12\t1.5\t1 4\n";
    let rows = rows(DFN, tabs);
    assert_eq!(rows[0], Ok(vec![Some(10.0), Some(1.5), None, Some(4.0)]));
    assert_eq!(
        rows[2],
        Err("t.dat, line 3: got 4 words in 10 characters, expected 4 cells between tabs as defined in t.dfn".to_owned())
    );
    for separator in ["\t", ","] {
        let row = "1;Bell 206;30.7;202607;all is well\n".replace(';', separator);
        assert_eq!(cells(TEXTS, &row), ["1|Bell 206|30.7|202607|all is well"]);
    }
    assert_eq!(
        cells(TEXTS, "1200 Bell 30.7 202607 ok\n1201 B 3 2 ok\n"),
        ["1200|Bell|30.7|202607|ok", "1201|B|3|2|ok"]
    );
    // The first word is shorter than the field of the text, which could hold the other words, too.
    let dfn = "DEFN ST=RECD,RT=;Line:A10;X:F8.1\n";
    assert_eq!(cells(dfn, "L1 5.5\nL20 6.25\n"), ["L1|5.5", "L20|6.25"]);
}

#[test]
fn words_of_a_row_with_texts_may_be_as_many_by_chance() {
    let dfn = "DEFN ST=RECD,RT=;Line:I5;Craft:A9;X:F6.1;Y:F6.1;Date:F8.1\n";
    // The rows have two blanks too many, five words by chance, and a word that is two numbers.
    let row = "     120 Bell 206  30.1 12.2999999.5\n";
    let expected = "expected 5 words that fit their fields, or 34 characters as defined in t.dfn";
    assert_eq!(
        cells(dfn, &format!("{row}{row}"))[0],
        format!("t.dat, line 1: got 5 words in 36 characters, {expected}")
    );
    // A whole number with decimals shows it, too, in a file that does not look as if it had widths.
    let dfn = "DEFN ST=RECD,RT=;Line:I5;Craft:A9;X:F6.1;Y:F6.1;Date:I8\n";
    assert!(cells(dfn, row)[0].contains("got 5 words in 36 characters"));
}

#[test]
fn a_blank_may_stand_before_each_row() {
    let text = " 1200Bell 206 130.7202607ok 1\n 1201Bell 206  30.7202607ok 2\n";
    assert_eq!(cells(TEXTS, text)[1], "1201|Bell 206|30.7|202607|ok 2");
    let text = " 1200Bell 206 130.7202607ok 1 \n 1201Bell 206  30.7202607ok 2 \n";
    assert_eq!(cells(TEXTS, text), ["1200|Bell 206|130.7|202607|ok 1", "1201|Bell 206|30.7|202607|ok 2"]);
}

#[test]
fn characters_or_bytes_are_counted() {
    let dfn = "DEFN ST=RECD,RT=;Name:A4;X:F5.1\n";
    assert_eq!(cells(dfn, "Höhe  1.5\nHoeh  2.5\n"), ["Höhe|1.5", "Hoeh|2.5"]);
    assert_eq!(cells(dfn, "Höh  1.5\nHoeh  2.5\n"), ["Höh|1.5", "Hoeh|2.5"]);
}

#[test]
fn numbers_may_be_fortrans() {
    let dfn = "DEFN ST=RECD,RT=;a:D10.2;b:E10.2\n";
    assert_eq!(rows(dfn, "  1.50D-03 1.50-103\n"), [Ok(vec![Some(1.5e-3), Some(1.5e-103)])]);
}

#[test]
fn semicolons_may_stand_anywhere() {
    let name = |name: &str, width| (name.to_owned(), 1, width);
    for dfn in [
        "DEFN 1 ST=RECD,RT=;a:I4\nDEFN 2 ST=RECD,RT=;b:F6.1\n;END DEFN\n",
        "DEFN 1 ST=RECD,RT=;a:I4\nDEFN 2 ST=RECD,RT=;b:F6.1\nEND DEFN;\n",
        "DEFN 1 ST=RECD,RT=;a:I4;\nDEFN 2 ST=RECD,RT=;b:F6.1;\nDEFN 3 ST=RECD,RT=;END DEFN\n",
        ";DEFN 1 ST=RECD,RT=;;a:I4;\n;DEFN 2 ST=RECD,RT=;b:F6.1;END DEFN;\n",
        "DEFN 1 ST=RECD;RT=;a:I4;b:F6.1;END DEFN\n",
        "defn 1 st = recd , rt = ; a : i4 ; b : f6.1 ; end defn\n",
        "DEFN 1 RT=;a:I4\nDEFN 2 b:F6.1\nDEFN END DEFN\n",
        "DEFN 1 ST=RECD,RT=,a:I4\r\nDEFN 1 ST=RECD,RT=;b:F6.1,UNIT=m\r\n",
        "DEFN 1 ST=RECD,RT=;\na:I4;\nb:F6.1\n:NULL=-9\nEND DEFN\n",
        "DEFN 1 ST=RECD,RT=;a:I4:DESC=first; of two;b:F6.1:COMMENT=one\nmore line\nEND DEFN\n",
        "DEFN ST=RECD,RT=COMM;RT:A4;END DEFN\nDEFN 1 ST=RECD,RT=;a:I4;b:F6.1;END DEFN\n",
        "DEFN 1 ST=RECD,RT=;a:I4;b:F6.1;END DEFN\nDEFN 1 ST=RECD,RT=PROJ;RT:A4\nDEFN 2 ST=RECD,RT=PROJ;END DEFN\nPROJx\nx\n",
    ] {
        assert_eq!(names(dfn), [name("a", 4), name("b", 6)], "{dfn}");
    }
}

#[test]
fn what_is_no_definition_is_an_error() {
    for (dfn, expected) in [
        ("DEFN 1 RT=;a:I4;b F6.1\n", "t.dfn, line 1: got \"b F6.1\", expected NAME:FORMAT"),
        ("DEFN 1 RT=;a:I4;\nb F6.1\n", "t.dfn, line 1: got \"b F6.1\", expected NAME:FORMAT"),
        ("DEFN 1 RT=;a:I4\nb:F6.1\n", "t.dfn, line 2: got \"b:F6.1\", expected DEFN or END DEFN"),
        (
            "DEFN 1 RT=;a:I4;END DEFN\nDEFN 2 RT=;b:I4\n",
            "t.dfn, line 2: got \"2 RT=;b:I4\", expected no further field of this record after its END DEFN",
        ),
    ] {
        assert_eq!(message(dfn), expected);
    }
}

#[test]
fn every_mistake_is_reported() {
    let format = "expected a format such as I10, F11.1, E15.6, A4 or 16F11.1";
    assert_eq!(
        message("DEFN 1 ST=RECD,RT=;a:b\nhello\nDEFN 3 ST=RECD,RT=;:I4\nDEFN ST=RECD,RT=;x:9999I4;y:9I4\n"),
        [
            "t.dfn, line 2: got \"hello\", expected DEFN or END DEFN",
            &format!("t.dfn, line 1: got \"b\", {format}"),
            "t.dfn, line 3: got \":I4\", expected the name of a field before :",
            "t.dfn, line 4: got \"9I4\", expected at most 10000 columns in all",
        ]
        .join("\n")
    );
    let expected = "expected one record of data, DEFN 1 ST=RECD,RT=;NAME:FORMAT";
    assert_eq!(message(""), format!("t.dfn: got no field of data, {expected}"));
    assert_eq!(
        message("DEFN ST=RECD,RT=A;x:I4\nDEFN ST=RECD,RT=B;x:I4\n"),
        format!("t.dfn: got records A, B, {expected}")
    );
}

#[test]
fn formats_of_records_that_are_not_read_do_not_matter() {
    let dfn = "DEFN ST=RECD,RT=COMM;RT:A0;COMMENTS:any\nDEFN ST=RECD,RT=TIE;x:?;:\nDEFN 1 ST=RECD,RT=;a:I4\n";
    assert_eq!(names(dfn), [("a".to_owned(), 1, 4)]);
    assert_eq!(rows(dfn, "COMM\nTIE 1\n 100\n"), [Ok(vec![Some(100.0)])]);
}

#[test]
fn a_record_type_may_stand_before_the_data() {
    let comments = "DEFN ST=RECD,RT=PROJ;RT:A4;P:A9\nDEFN ST=RECD,RT=COMM;RT:A4\n";
    for data in ["DEFN 1 ST=RECD,RT=DATA;RT:A4;X:F5.1\n", "DEFN 1 ST=RECD,RT=data;RT:a4\nDEFN 2 ST=RECD,RT=;X:F5.1\n"] {
        let dfn = format!("{data}{comments}");
        let table = |text: &str| table(&dfn, text);
        assert_eq!(table("DATA  1.5\nPROJ x y\nCOMMents\n").names, ["RT", "X"]);
        assert_eq!(cells(&dfn, "DATA  1.5\nPROJ x y\ncomments\n"), ["DATA|1.5"]);
        assert_eq!(cells(&dfn, "DATA-21.5\nDATA 11.5\n"), ["DATA|-21.5", "DATA|11.5"]);
        assert_eq!(cells(&dfn, "  1.5\n 11.5\n"), ["1.5", "11.5"]);
        assert_eq!(table("  1.5\n").names, ["X"]);
    }
    // The type is one word, so that words are the cells where a number is wider than its field.
    let dfn = "DEFN 1 ST=RECD,RT=DATA;RT:A4;X:F5.1;Flag:A2\n";
    assert_eq!(cells(dfn, "DATA  1.5 a\nDATA 10000.5 b\n")[1], "DATA|10000.5|b");
    // The type is declared without its field, and the field without a type.
    assert_eq!(cells("DEFN 1 ST=RECD,RT=DATA;X:F5.1\n", "DATA  1.5\n"), ["DATA|1.5"]);
    assert_eq!(cells("DEFN 1 ST=RECD,RT=;RT:A4;X:F5.1\n", "      1.5\n"), ["|1.5"]);
    assert_eq!(cells("DEFN 1 ST=RECD,RT=;RT:A4;X:F5.1\n", "  1.5\n"), ["1.5"]);
}

#[test]
fn a_text_may_begin_like_a_record() {
    let dfn = "DEFN 1 ST=RECD,RT=;Project:A8;X:F5.1\n";
    assert_eq!(cells(dfn, "PROJ77    1.5\nCOMM remark\n"), ["PROJ77|1.5"]);
}

#[test]
fn a_null_that_its_field_cannot_hold_is_read_as_missing() {
    let dfn = "DEFN ST=RECD,RT=;a:F9.2:NULL=-99999999.99;b:F9.2:NULL=-9999.99;c:2I4:NULL=-9999.9\n";
    assert_eq!(
        rows(dfn, "-99999.99 -9999.99-999-100\n   100.00   200.00   1   2\n"),
        [Ok(vec![None, None, None, Some(-100.0)]), Ok([100.0, 200.0, 1.0, 2.0].map(Some).to_vec())]
    );
    let table = table(dfn, "-99999.99 -9999.99-999-100\n");
    let text = "t.dfn: fields that cannot hold their nulls; these shortened nulls are read as missing, too: ";
    assert_eq!(
        table.shortened_nulls(&[0, 1, 3]),
        Some(format!(
            "{text}a (F9.2, null -99999999.99): -99999999, -99999.99, 999999.99; c (2I4, null -9999.9): -999, 9999"
        ))
    );
    assert_eq!(table.shortened_nulls(&[1]), None);
}

#[test]
fn nulls_have_either_syntax() {
    let dfn = "DEFN RT=;a:I4:UNIT:m:NULL:-9;b:I4,UNITS=m,null = -99;c:I4:NAME=x\n";
    assert_eq!(nulls(dfn), [Some("-9".to_owned()), Some("-99".to_owned()), None]);
}

#[test]
fn numbers_of_definitions_may_be_wrong() {
    let warnings = |dfn: &str| definition(dfn).unwrap().warnings;
    let none: [String; 0] = [];
    assert_eq!(warnings("DEFN 1 RT=;a:I4\nDEFN 1 RT=;b:I4\nDEFN RT=;c:I4\nDEFN 7 RT=;d:I4\n"), none);
    assert_eq!(
        warnings("DEFN 2 RT=;a:I4\nDEFN 1 RT=;b:I4\n"),
        [
            "t.dfn: DEFN 1 follows DEFN 2: columns are read in the order of the lines; put the lines in the order of the \
          numbers if the numbers are right"
        ]
    );
}

#[test]
fn the_projection_may_be_in_a_record() {
    let data = "DEFN 1 RT=;Easting:I7\nDEFN 2 RT=;Old:I7:DATUM=AGD66,PROJECTION=AMG54;END DEFN\n";
    let crs = |more: &str, rows: &str| {
        let table = table(&format!("{data}{more}"), &format!("{rows}1000000 100000\n"));
        [0, 1].map(|column| table.crs(column).map(str::to_owned))
    };
    let both = |code: &str| [Some(code.to_owned()), Some("EPSG:20254".to_owned())];
    let record = "DEFN 1 ST=RECD,RT=PROJ;RT:A4\nDEFN 2 ST=RECD,RT=PROJ;PROJNAME:A30: COMMENT=GDA2020 / MGA zone 51\n";
    assert_eq!(crs(record, ""), both("EPSG:7851"));
    assert_eq!(crs("PROJGDA2020 / MGA zone 51\nCOMM GDA94 / MGA zone 51\n", ""), both("EPSG:7851"));
    assert_eq!(crs("COMM GDA94 / MGA zone 51\n", ""), both("EPSG:28351"));
    assert_eq!(crs("", "PROJ GDA94 / MGA zone 52\nCOMM EPSG:7851\n"), both("EPSG:28352"));
    assert_eq!(crs("", "COMM EPSG:7851 or EPSG:7852\n")[0], None);
}

#[test]
fn names_are_looked_up_as_fields() {
    let table = table(&format!("DEFN 0 ST=RECD,RT=;tx_ROLL:F6.1\n{DFN}"), "1\n");
    assert_eq!(table.field("em").unwrap(), 3..5);
    assert_eq!(table.field("EM[2]").unwrap(), 4..5);
    assert_eq!(
        table.field("Tx_Roll").unwrap_err().to_string(),
        "t.dfn: got columns 1, 3 named Tx_Roll, expected one column of that name, or the number of the column"
    );
    assert_eq!(
        table.field("x").unwrap_err().to_string(),
        "t.dfn: got columns tx_ROLL, Line, Tx_Roll, EM, expected a column named x"
    );
    assert!(table.field("Tx_Rol").unwrap_err().to_string().ends_with("a column named Tx_Rol (did you mean Tx_Roll?)"));
    let error = table.name_error(4, "a", "b").to_string();
    assert_eq!(error, "t.dfn, line 5, column EM[2]: got a, expected b");
}

#[test]
fn descriptions_may_be_in_any_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dfn");
    std::fs::write(&path, b"\xef\xbb\xbfDEFN ST=RECD,RT=;x:I4:DESC=\xb0\r\n").unwrap();
    assert_eq!(Definition::read(&path).unwrap().fields.len(), 1);
}

proptest! {
    #[test]
    fn arbitrary_definitions_and_rows_never_panic(
        text in any::<String>(),
        dfn in "(DEFN|END|ST=RECD|RT=|DATA|COMM|PROJ|EPSG|UTM|WGS84|NULL=|[-0-9A-Fa-f:;,. &\n=é]){0,60}",
        fields in "(DEFN 1 ST=RECD,RT=(DATA)?;(RT:A4;)?[a-c]:[1-3]?[AFIEDG][0-9]{1,2}(\\.1)?(:NULL=[-0-9*é]{1,12})?\n){1,4}",
        body in "[-0-9.eED*aé \t\n]{0,80}",
    ) {
        for dfn in [&text, &dfn, &fields] {
            if let Ok(definition) = definition(dfn)
                && let Ok(table) = Table::of_text_defined(&body, Path::new("t.dat"), &definition)
            {
                let count = table.names.len();
                each(&table, |row| Ok((0..count).filter(|&i| row.number(i).is_ok()).count()));
            }
        }
    }

    /// Would catch: cells that move to the columns beside them.
    #[test]
    fn what_is_written_at_the_widths_is_read_there(
        values in prop::collection::vec((0_u32..=9999, "[A-Za-z]{1,3}( [0-9]{1,3})?", -999_i32..=9999, any::<bool>()), 1..20),
        is_trimmed in any::<bool>(),
    ) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for (line, craft, x, has_note) in &values {
            let note = if *has_note { "a b" } else { "" };
            let x = f64::from(*x) / 10.0;
            let row = format!("{line:4}{craft:8}{x:6.1}{:6}{note:6}", 202_607);
            text += if is_trimmed { row.trim_end() } else { &row };
            text.push('\n');
            expected.push(format!("{line}|{craft}|{x:.1}|202607|{note}"));
        }
        prop_assert_eq!(cells(TEXTS, &text), expected);
    }
}
