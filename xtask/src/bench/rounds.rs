//! Measuring in turns: a machine's speed drifts, what is measured side by side can be compared.

use std::time::Duration;

use crate::load::Span;

/// How long things are measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// How often each thing has its turn.
    pub(super) rounds: u32,
    /// How long each turn is measured.
    pub(super) turn: Duration,
    /// How long a turn runs before it is measured.
    pub(super) warm_up: Duration,
    /// How long the server is under load before its memory is read.
    pub(super) endurance: Duration,
}

impl Pace {
    pub(super) fn of(is_quick: bool) -> Self {
        let (rounds, turn, endurance) = if is_quick { (3, 3, 10) } else { (5, 8, 60) };
        Self {
            rounds,
            turn: Duration::from_secs(turn),
            warm_up: Duration::from_secs(1),
            endurance: Duration::from_secs(endurance),
        }
    }

    /// A short turn, for what is asked again and again alike.
    pub(super) fn short_span(&self) -> Span {
        Span::Time {
            warm_up: self.warm_up / 4,
            measured: self.turn / 4,
        }
    }

    /// One turn of the load generator.
    pub(super) fn span(&self) -> Span {
        Span::Time {
            warm_up: self.warm_up,
            measured: self.turn,
        }
    }
}

/// The middle one; of an even number, the mean of the two.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.as_slice() {
        [] => f64::NAN,
        sorted if sorted.len() % 2 == 1 => sorted[middle],
        sorted => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
        assert!(median(Vec::new()).is_nan());
    }
}
