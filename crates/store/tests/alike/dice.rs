//! Numbers that look like chance and are the same each time.

#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 1 up to `most`.
    pub(crate) fn up_to(&mut self, most: u32) -> u32 {
        // Knuth's MMIX generator; its upper half is the better one.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 32).unwrap() % most + 1
    }

    /// Once in so many times.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.up_to(times) == 1
    }

    pub(crate) fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        let count = u32::try_from(all.len()).unwrap();
        all[self.up_to(count) as usize - 1].clone()
    }
}
