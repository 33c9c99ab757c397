//! What a store keeps to when commands are run on it.

mod ahead;
mod applications;
mod batches;
mod exactly_once;
mod journal;
mod limits;
mod recording;
mod set_up;
mod turns;

pub use ahead::*;
pub use applications::*;
pub use batches::*;
pub use exactly_once::*;
pub use journal::*;
pub use limits::*;
pub use recording::*;
pub use set_up::*;
pub use turns::*;
