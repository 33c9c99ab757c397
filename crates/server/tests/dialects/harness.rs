//! One server a database for all tests that run at once; it goes when the last of them ends.

use std::{
    net::SocketAddr,
    sync::{Arc, LazyLock, Weak},
};

use accrual_engine::{Access, Clock};
use accrual_server::{
    configuration::{
        Configuration, DatabaseSettings, HttpConfiguration, HttpSettings, Settings, Source,
    },
    database,
    serving::{self, Opened},
};
use accrual_store::test_database::{self, TestDatabase};
use time::{OffsetDateTime, macros::datetime};
use tokio::{
    net::TcpListener,
    runtime::Runtime,
    sync::{Mutex, oneshot},
};

use crate::shop::Shop;

/// The time that it is.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-01-31 12:00:00.123_456 UTC);

/// A server outlives the test that started it, so it runs in no test's runtime.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Makes two tests of each function named: one on SQLite, one on PostgreSQL.
macro_rules! on_both_databases {
    ($($test:ident,)+) => {
        mod sqlite {
            $(#[test] fn $test() {
                $crate::harness::on($crate::harness::Kind::Sqlite, super::$test);
            })+
        }
        mod postgres {
            $(#[test] fn $test() {
                $crate::harness::on($crate::harness::Kind::Postgres, super::$test);
            })+
        }
    };
}
pub(crate) use on_both_databases;

/// A kind of database.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// Runs `test` on a shop of its own, if there is such a database to try.
pub(crate) fn on(kind: Kind, test: impl AsyncFnOnce(Shop)) {
    RUNTIME.block_on(async {
        if let Some(server) = Server::shared(kind).await {
            test(Shop::open(server).await).await;
        }
    });
}

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> OffsetDateTime {
        NOW
    }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) access: Arc<dyn Access>,
    /// Where what is served is kept, if it is a database.
    pub(crate) database_url: Option<String>,
    _stop: oneshot::Sender<()>,
    _database: Option<TestDatabase>,
}

impl Server {
    async fn shared(kind: Kind) -> Option<Arc<Self>> {
        static SQLITE: Mutex<Weak<Server>> = Mutex::const_new(Weak::new());
        static POSTGRES: Mutex<Weak<Server>> = Mutex::const_new(Weak::new());
        let shared = match kind {
            Kind::Sqlite => &SQLITE,
            Kind::Postgres => &POSTGRES,
        };
        let mut shared = shared.lock().await;
        if let Some(server) = shared.upgrade() {
            return Some(server);
        }
        let database = match kind {
            Kind::Sqlite => test_database::new_sqlite().await,
            Kind::Postgres => test_database::new_postgres().await?,
        };
        let server = Arc::new(Self::start(database, HttpSettings::default()).await);
        *shared = Arc::downgrade(&server);
        Some(server)
    }

    /// Serves a new database, on any port.
    pub(crate) async fn start(database: TestDatabase, http: HttpSettings) -> Self {
        let settings = Settings {
            database: DatabaseSettings {
                url: Some(database.url()),
                ..DatabaseSettings::default()
            },
            http,
            ..Settings::default()
        };
        let configuration = Configuration::load(settings, &Source::default()).unwrap();
        let opened = database::open(&configuration.database).await.unwrap();
        Self::serve(opened, configuration.http, Some(database)).await
    }

    /// Serves what a database or something in its place offers.
    pub(crate) async fn serve(
        opened: Opened,
        http: HttpConfiguration,
        database: Option<TestDatabase>,
    ) -> Self {
        let access = Arc::clone(&opened.access);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(async move {
            let stop = async { drop(stopped.await) };
            let clock = Arc::new(Stopped);
            let served = serving::serve_by(clock, listener, opened, &http, stop).await;
            served.unwrap();
        });
        Self {
            address,
            access,
            database_url: database.as_ref().map(TestDatabase::url),
            _stop: stop,
            _database: database,
        }
    }
}
