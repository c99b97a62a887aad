//! `plenary serve`.

use crate::app::{self, App, Listeners};
use crate::clock::Clock;
use crate::config::Settings;
use crate::random::Random;
use crate::{lifecycle, log, machine};

pub(super) async fn run(mut settings: Settings) -> anyhow::Result<()> {
    log::start(settings.log_format, &settings.log);
    let contradictions = settings.contradictions();
    anyhow::ensure!(contradictions.is_empty(), "{}", contradictions.join("; "));
    let open_files = machine::raise_open_files();
    let room = machine::sockets(open_files);
    if settings.max_connections > room {
        tracing::warn!(
            open_files,
            max_connections = room,
            "fewer sockets than --max-connections are let in: the system allows too few open files"
        );
        settings.max_connections = room;
    }
    let listeners = Listeners::bind(&settings).await?;
    let app = App::open(settings, Clock::System, Random::System).await?;
    lifecycle::stop_on_signal(app.lifecycle.clone())?;
    tracing::info!(
        listen = %listeners.public.local_addr()?,
        admin_listen = %listeners.admin.local_addr()?,
        public_url = app.settings.public_url,
        open_files,
        "serving"
    );
    app::serve(app, listeners).await
}
