//! Words: values of the domain by the names that an API has for them.

use std::{borrow::Cow, marker::PhantomData};

use poem_openapi::registry::MetaSchema;

use super::given::{Given, Shape, Unreadable};

/// A word of an API.
pub(crate) trait Word: Copy + Send + Sync + 'static {
    /// What it stands for.
    type Meaning: Copy + 'static;
    /// Every word, with what it stands for.
    const ALL: &'static [(&'static str, Self::Meaning)];

    /// The word that stands for `meaning`.
    fn of(meaning: Self::Meaning) -> Self;
}

/// One of the words of `W`.
#[derive(Debug)]
pub(crate) struct OneOf<W>(PhantomData<W>);

impl<W: Word> Shape for OneOf<W> {
    const TYPE: &'static str = "string";
    const FORMAT: Option<&'static str> = None;

    fn schema() -> MetaSchema {
        let words = W::ALL.iter().map(|(word, _)| (*word).into());
        MetaSchema {
            enum_items: words.collect(),
            ..MetaSchema::new(Self::TYPE)
        }
    }
}

impl<W: Word> Given<OneOf<W>> {
    /// What the word stands for.
    pub(crate) fn word(&self) -> Result<W::Meaning, Unreadable> {
        let said: Cow<'_, str> = self.read()?;
        let mut words = W::ALL.iter();
        let found = words.find(|(word, _)| *word == said);
        found.map(|(_, meaning)| *meaning).ok_or(Unreadable)
    }
}

/// Defines words: each with its spelling, and in brackets what it stands for.
macro_rules! words {
    (
        $(#[$($documentation:tt)*])*
        $name:ident $schema:tt of $meaning:ty {
            $($(#[$($about:tt)*])* $word:ident $spelling:tt ($($value:tt)+),)+
        }
    ) => {
        $(#[$($documentation)*])*
        #[derive(Clone, Copy, Debug, poem_openapi::Enum, serde::Serialize)]
        #[oai(rename = $schema)]
        pub(in crate::native) enum $name {
            $(
                $(#[$($about)*])*
                #[oai(rename = $spelling)]
                #[serde(rename = $spelling)]
                $word,
            )+
        }

        impl $crate::wire::Word for $name {
            type Meaning = $meaning;
            const ALL: &'static [(&'static str, $meaning)] =
                &[$(($spelling, $($value)+)),+];

            fn of(meaning: $meaning) -> Self {
                match meaning {
                    $($($value)+ => Self::$word),+
                }
            }
        }
    };
}
pub(crate) use words;
