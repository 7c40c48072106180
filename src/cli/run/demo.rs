//! The tour, told line by line as its steps are carried out.

use serde_json::json;

use super::super::render::fields;
use super::Run;
use crate::app::demo::{self, Told};
use crate::app::{Exit, Failure};

pub(super) fn demo(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let json = run.global.json;
    let mut steps = Vec::new();
    let io = &mut *run.io;
    let mut lost = None;
    demo::demo(run.ctx, &mut |told| {
        let text = match &told {
            Told::Step(words) => format!("\n{words}\n"),
            Told::Line(words) => format!("    {words}\n"),
        };
        if json {
            let (Told::Step(words) | Told::Line(words)) = told;
            steps.push(words);
        } else if lost.is_none() {
            lost = io.print(&text).err();
        }
    })?;
    if let Some(failure) = lost {
        return Err(failure);
    }
    if json {
        run.result("demo", &fields([("told", json!(steps))]), "")?;
    }
    Ok(Exit::Done)
}
