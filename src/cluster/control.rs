//! Heeds what other nodes say that they have changed: by the same way as a change of this node.

use std::sync::Arc;

use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::bus::Control;
use crate::chat::{self, Elsewhere, Pointer};
use crate::db::DbError;
use crate::events::{News, Versions};
use crate::people::sign_in::Ended;
use crate::people::{self, founders};

/// Heeds until it is told to stop.
pub async fn heed(app: Arc<App>, stop: CancellationToken) {
    let mut controls = app.bus.controls();
    loop {
        let control = tokio::select! {
            () = stop.cancelled() => return,
            control = controls.recv() => control,
        };
        match control {
            Ok(control) => {
                if let Err(error) = heed_one(&app, control).await {
                    tracing::warn!(%error, "a change of another node could not be heeded");
                    app.bus.missed();
                }
            }
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "changes of other nodes were missed");
                app.bus.missed();
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn heed_one(app: &App, control: Control) -> Result<(), DbError> {
    match control {
        Control::Event { event, news: None, .. } => app.events.tell_all(event).await,
        // Nobody here has asked for it; whoever does so reads it from the database.
        Control::Event { event, .. } if app.events.known(event).is_none() => Ok(()),
        Control::Event { event, after, version, news: Some(news) } => {
            let news = news.into_iter().map(News::from).collect();
            app.events.hear(event, Versions { after, version }, news).await
        }
        Control::SignInsEnded { person, sign_ins } => {
            let ends = sign_ins.into_iter().map(|sign_in| Ended { person, sign_in });
            app.people.sign_ins.hear(&ends.collect::<Vec<_>>());
            Ok(())
        }
        Control::Face { person } => people::show_anew(app, person).await,
        Control::Block { people } => app.chat.hear_of_block(people).await,
        Control::Founders => founders::look_now(app).await,
        Control::Read { event, person, channel, seq, ordinal } => {
            let elsewhere = Elsewhere { event, person, channel, at: Pointer { seq, ordinal } };
            chat::read_elsewhere(app, &elsewhere);
            Ok(())
        }
    }
}
