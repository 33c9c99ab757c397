//! Attribution and commission for affiliate programs, to embed.
