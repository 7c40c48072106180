//! `vectors/plan/*.vec`: a plan with a trap in it, or its mended form; what is lost, and what is reached then.

use std::collections::BTreeSet;
use std::path::Path;

use lifeboat::recovery::plan::{Graph, Plan, Standing, ThingKind, bootstrap, why};
use lifeboat::wire::plan_v1;

use crate::header::Vector;

const KNOWN: [&str; 5] = ["circle", "comment", "lose", "path", "unreachable"];

pub(crate) fn run(path: &Path, bytes: Vec<u8>) -> datatest_stable::Result<()> {
    let vector = Vector::parse(path, &bytes, &KNOWN);
    let plan = plan_v1::from_toml(std::str::from_utf8(&vector.body)?)?;
    assert_eq!(
        plan_v1::from_toml(&plan_v1::to_toml(&plan))?,
        plan,
        "what is written is read as the same plan"
    );
    let graph = Graph::new(&plan).map_err(|errors| format!("the plan means nothing: {errors:?}"))?;
    let losses: Vec<usize> = vector.all("lose").into_iter().map(|name| number(&plan, name)).collect();
    let standing = Standing::after(&graph, &losses);

    let gone: Vec<&str> =
        accounts(&plan).filter(|(number, _)| !standing.is_there(*number)).map(|(_, name)| name).collect();
    assert_eq!(gone, vector.all("unreachable"), "what cannot be reached");
    let is_mended = path.file_stem().is_some_and(|name| name.to_string_lossy().ends_with("-mended"));
    assert_eq!(gone.is_empty(), is_mended, "a trap takes an account away, and its mended form none");

    let circles: BTreeSet<BTreeSet<String>> = gone
        .iter()
        .flat_map(|account| why(&graph, &standing, number(&plan, account)).circles)
        .map(|circle| links(&circle.iter().map(|thing| plan.things[*thing].name.raw()).collect::<Vec<_>>()))
        .collect();
    let expected =
        vector.all("circle").into_iter().map(|words| words.split(" · ").map(str::to_owned).collect());
    assert_eq!(circles, expected.collect(), "the circle in words");

    let told: Vec<&str> =
        vector.all("path").into_iter().map(|line| line.split(" = ").next().unwrap()).collect();
    let all: Vec<&str> = accounts(&plan).map(|(_, name)| name).collect();
    assert!(!is_mended || told == all, "a path to each account is told");
    for line in vector.all("path") {
        let (account, steps) = line.split_once(" = ").unwrap();
        let found = bootstrap(&graph, &standing, number(&plan, account));
        let mut walked = BTreeSet::new();
        for step in &found {
            assert!(
                step.by.iter().all(|thing| walked.contains(thing)),
                "each step uses what stands before it"
            );
            assert!(!standing.is_lost(step.thing) && walked.insert(step.thing), "each step is new");
        }
        let names: BTreeSet<&str> = found.iter().map(|step| plan.things[step.thing].name.raw()).collect();
        assert_eq!(names, steps.split(" > ").collect(), "the shortest path to {account}");
        assert_eq!(found.last().map(|step| plan.things[step.thing].name.raw()), Some(account));
    }
    Ok(())
}

fn accounts(plan: &Plan) -> impl Iterator<Item = (usize, &str)> {
    let things = plan.things.iter().enumerate();
    things
        .filter(|(_, thing)| thing.kind == ThingKind::Account)
        .map(|(number, thing)| (number, thing.name.raw()))
}

fn number(plan: &Plan, name: &str) -> usize {
    plan.things
        .iter()
        .position(|thing| thing.name.raw() == name)
        .unwrap_or_else(|| panic!("{name} is not in the plan"))
}

/// A circle as its links, wherever it is begun.
fn links(circle: &[&str]) -> BTreeSet<String> {
    let following = circle.iter().cycle().skip(1);
    circle.iter().zip(following).map(|(thing, next)| format!("{thing} needs {next}")).collect()
}
