//! Which database.

use std::fmt;
use std::path::Path;

use serde::{Serialize, Serializer};

/// The address of a SQLite file or a PostgreSQL database. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// # Errors
    /// If it is neither `sqlite:…` nor `postgres://…`.
    pub fn parse(url: &str) -> anyhow::Result<Self> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        anyhow::ensure!(
            known.iter().any(|scheme| url.starts_with(scheme)),
            "The database URL must begin with sqlite: or postgres://."
        );
        Ok(Self(url.to_owned()))
    }

    /// The SQLite file that is used when no URL is given: `accrual.db` in the data folder.
    ///
    /// # Errors
    /// If the folder's name is not text, or has a question mark.
    pub fn embedded(data: &Path) -> anyhow::Result<Self> {
        let file = data.join("accrual.db");
        let Some(path) = file.to_str() else {
            anyhow::bail!(
                "The data folder {} must have a name in UTF-8.",
                data.display()
            );
        };
        // SQLite would take what follows for parameters.
        anyhow::ensure!(
            !path.contains('?'),
            "The data folder {} must not have a ? in its name.",
            data.display()
        );
        Ok(Self(format!("sqlite://{path}")))
    }

    /// Whether it is the file in `data`, so that the folder is the server's to make.
    #[must_use]
    pub fn is_embedded_in(&self, data: &Path) -> bool {
        Self::embedded(data).is_ok_and(|embedded| embedded == *self)
    }

    /// The file, where it is one of SQLite.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        let path = self.0.strip_prefix("sqlite:")?;
        Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
    }

    /// The whole of it, with its password: for connecting only.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without the password, and without the parameters since they may hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place_of = |text: &str| text.split('?').next().unwrap_or_default().to_owned();
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return f.write_str(&place_of(&self.0));
        };
        // A password may hold any of the characters that end it: the last @ does.
        let Some((login, place)) = rest.rsplit_once('@') else {
            return f.write_str(&place_of(&self.0));
        };
        let place = place_of(place);
        match login.split_once(':') {
            Some((user, _)) => write!(f, "{scheme}://{user}:***@{place}"),
            None => write!(f, "{scheme}://{login}@{place}"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> String {
        DatabaseUrl::parse(url).map_or_else(|error| error.to_string(), |url| url.to_string())
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(
            shown("postgres://ann:p@ss:w@db:5432/sales"),
            "postgres://ann:***@db:5432/sales"
        );
        assert_eq!(
            shown("postgresql://db/sales?password=secret"),
            "postgresql://db/sales"
        );
        assert_eq!(shown("postgres://ann@db/sales"), "postgres://ann@db/sales");
        assert_eq!(
            shown("postgres://ann:hid?den@db/sales"),
            "postgres://ann:***@db/sales"
        );
        assert_eq!(shown("sqlite:sales.db"), "sqlite:sales.db");
        let secret = DatabaseUrl::parse("postgres://ann:hidden@db/sales").unwrap();
        assert_eq!(
            format!("{secret:?}"),
            "DatabaseUrl(postgres://ann:***@db/sales)"
        );
    }

    #[test]
    fn only_sqlite_keeps_it_in_one_file() {
        for (url, file) in [
            ("sqlite:sales.db", Some("sales.db")),
            ("sqlite:///srv/sales.db", Some("/srv/sales.db")),
            ("postgres://db/sales", None),
        ] {
            let parsed = DatabaseUrl::parse(url).unwrap();
            assert_eq!(parsed.file(), file.map(Path::new), "{url}");
        }
    }

    #[test]
    fn other_databases_are_refused() {
        let refused = "The database URL must begin with sqlite: or postgres://.";
        assert_eq!(shown("mysql://db/sales"), refused);
        assert_eq!(shown("accrual.db"), refused);
    }

    #[test]
    fn the_embedded_database_is_in_the_data_folder() {
        let url = DatabaseUrl::embedded(Path::new("/srv/50% off")).unwrap();
        assert_eq!(url.secret(), "sqlite:///srv/50% off/accrual.db");
        let refused = DatabaseUrl::embedded(Path::new("why?")).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "The data folder why? must not have a ? in its name."
        );
    }
}
