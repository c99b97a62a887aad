//! `plenary serve`.

use clap::Args;

use crate::app::{self, App};
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::lock;
use crate::http::Listeners;
use crate::output::print;
use crate::random::Random;
use crate::{lifecycle, log, machine, sample};

/// How to serve.
#[derive(Args, Debug)]
pub(super) struct ServeCommand {
    #[command(flatten)]
    settings: Settings,
    /// Makes a sample conference when the database is empty, and prints links to sign in to it.
    #[arg(long)]
    sample: bool,
}

impl ServeCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        run(self.settings, self.sample).await
    }
}

async fn run(mut settings: Settings, with_sample: bool) -> anyhow::Result<()> {
    log::start(settings.log.format, &settings.log.filter);
    let contradictions = settings.contradictions();
    anyhow::ensure!(contradictions.is_empty(), "{}", contradictions.join("; "));
    let open_files = machine::raise_open_files();
    let room = machine::sockets(open_files);
    if settings.limits.max_connections > room {
        tracing::info!(
            open_files,
            max_connections = room,
            "fewer sockets than --max-connections are let in: the system allows too few open files"
        );
        settings.limits.max_connections = room;
    }
    settings.storage.make_data_folder()?;
    let _lock = match settings.storage.sqlite_path() {
        Some(path) => Some(lock::alone(&path).await?),
        None => None,
    };
    let listeners = Listeners::bind(&settings).await?;
    let app = App::open(settings, Clock::System, Random::System).await?;
    lifecycle::stop_on_signal(app.lifecycle.clone(), &app.tasks)?;
    if with_sample {
        print_sample(&app).await?;
    }
    tracing::info!(
        listen = %listeners.public.local_addr()?,
        admin_listen = %listeners.admin.local_addr()?,
        public_url = app.settings.addresses.public_url,
        open_files,
        "serving"
    );
    app::serve(app, listeners).await
}

/// Where the sample conference is, and how to get in.
async fn print_sample(app: &App) -> anyhow::Result<()> {
    let links = sample::prepare(app).await?;
    let settings = &app.settings;
    let (public_url, admin) = (&settings.addresses.public_url, settings.addresses.admin_listen);
    let mut text = format!("\nPlenary: {public_url} (for operators: http://{admin})\n");
    if settings.mail.smtp_url.is_none() {
        text += &format!("What would have been mailed: http://{admin}/mail\n");
    }
    match links {
        None => text += "The database holds another conference; the sample was not made.\n",
        Some(links) => {
            text += "Sign in to the sample conference; each link is good once, for half an hour:\n";
            text.extend(links.iter().map(|(role, link)| format!("  {role:<9} {link}\n")));
        }
    }
    Ok(print(&text)?)
}
