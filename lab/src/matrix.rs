//! Who hears whom: measured, expected, and where the two differ.

use std::fmt::Write as _;

/// Names longer than this are cut in a drawing.
const NAME_WIDTH: usize = 8;

/// For each listener, which talkers are heard; both in the same order of legs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Matrix {
    rows: Vec<Vec<bool>>,
}

/// A cell that is not as it must be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WrongCell {
    /// Place of the listener.
    pub listener: usize,
    /// Place of the talker.
    pub talker: usize,
    /// What was measured; the opposite was expected.
    pub heard: bool,
}

impl Matrix {
    /// What was measured: a row for each listener, a column for each talker.
    pub fn measured(rows: Vec<Vec<bool>>) -> Self {
        Self { rows }
    }

    /// What must be: those in one room hear each other; nobody hears across rooms, nor itself.
    pub fn expected<Room: PartialEq>(rooms: &[Option<Room>]) -> Self {
        let together = |a: usize, b: usize| a != b && rooms[a].is_some() && rooms[a] == rooms[b];
        let row = |listener| {
            (0..rooms.len())
                .map(|talker| together(listener, talker))
                .collect()
        };
        Self {
            rows: (0..rooms.len()).map(row).collect(),
        }
    }

    /// Whether the listener hears the talker; false outside of the matrix.
    pub fn heard(&self, listener: usize, talker: usize) -> bool {
        let row = self.rows.get(listener);
        row.and_then(|row| row.get(talker).copied())
            .unwrap_or(false)
    }

    /// The cells that differ from `expected`.
    pub fn wrong_cells(&self, expected: &Self) -> Vec<WrongCell> {
        let size = self.rows.len().max(expected.rows.len());
        let cells = (0..size).flat_map(|l| (0..size).map(move |t| (l, t)));
        cells
            .map(|(listener, talker)| WrongCell {
                listener,
                talker,
                heard: self.heard(listener, talker),
            })
            .filter(|cell| cell.heard != expected.heard(cell.listener, cell.talker))
            .collect()
    }

    /// Draws it: a row for each listener, a column for each talker, `●` heard, `·` not heard, and
    /// `!` beside a cell that differs from `expected`.
    pub fn draw(&self, names: &[String], expected: &Self) -> String {
        let cut = |name: &String| name.chars().take(NAME_WIDTH).collect::<String>();
        let names: Vec<String> = names.iter().map(cut).collect();
        let width = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
        let mut drawing = format!("{:>width$} ", "");
        for name in &names {
            push(&mut drawing, format_args!(" {name:<width$}"));
        }
        drawing.truncate(drawing.trim_end().len());
        for (listener, name) in names.iter().enumerate() {
            push(&mut drawing, format_args!("\n{name:>width$} "));
            for talker in 0..names.len() {
                let heard = self.heard(listener, talker);
                let wrong = heard != expected.heard(listener, talker);
                let cell = match (heard, wrong) {
                    (true, false) => "●",
                    (false, false) => "·",
                    (true, true) => "●!",
                    (false, true) => "·!",
                };
                push(&mut drawing, format_args!(" {cell:<width$}"));
            }
            drawing.truncate(drawing.trim_end().len());
        }
        drawing
    }
}

impl WrongCell {
    /// Says it in words.
    pub fn describe(&self, names: &[String]) -> String {
        let name = |place: usize| names.get(place).map_or("?", String::as_str);
        let (listener, talker) = (name(self.listener), name(self.talker));
        if self.heard {
            format!("{listener} hears {talker} and must not")
        } else {
            format!("{listener} does not hear {talker}")
        }
    }
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what)
        .expect("a string takes all that is written");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (1..=count).map(|n| format!("leg{n}")).collect()
    }

    #[test]
    fn those_in_one_room_are_expected_to_hear_each_other_and_nobody_else() {
        let expected = Matrix::expected(&[Some(1), Some(1), Some(2), None, None]);
        assert!(expected.heard(0, 1) && expected.heard(1, 0));
        for (listener, talker) in [(0, 0), (0, 2), (2, 1), (3, 4), (4, 4), (9, 9)] {
            assert!(!expected.heard(listener, talker));
        }
    }

    #[test]
    fn cells_that_differ_are_named_both_ways() {
        let expected = Matrix::expected(&[Some(1), Some(1), Some(2)]);
        let mut rows = expected.rows.clone();
        rows[0][1] = false;
        rows[2][0] = true;
        let measured = Matrix::measured(rows);
        let said: Vec<String> = measured
            .wrong_cells(&expected)
            .iter()
            .map(|cell| cell.describe(&names(3)))
            .collect();
        assert_eq!(
            said,
            ["leg1 does not hear leg2", "leg3 hears leg1 and must not"]
        );
        assert!(expected.wrong_cells(&expected).is_empty());
    }

    #[test]
    fn a_drawing_marks_what_is_wrong() {
        let expected = Matrix::expected(&[Some(1), Some(1)]);
        let measured = Matrix::measured(vec![vec![false, true], vec![false, false]]);
        let drawing = measured.draw(&names(2), &expected);
        assert_eq!(drawing, "      leg1 leg2\nleg1  ·    ●\nleg2  ·!   ·");
    }
}
