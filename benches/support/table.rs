//! Measures CPU time and prints it, a line at a time.

use std::time::Duration;

/// Measures and prints, a line at a time.
pub(crate) struct Table {
    words: Vec<String>,
}

impl Table {
    pub(crate) fn new(words: Vec<String>) -> Self {
        println!(
            "{:<44} {:>10} {:>10} {:>6} {:>8} {:>7}",
            "CPU time in ms", "median", "least", "runs", "goal", "of it"
        );
        Self { words }
    }

    /// Prepares once, runs the work once unmeasured and then `runs` times, and gives the median in milliseconds.
    pub(crate) fn measure<T>(
        &mut self,
        name: &str,
        runs: usize,
        goal: Option<f64>,
        prepare: impl FnOnce() -> T,
        mut work: impl FnMut(&mut T),
    ) -> Option<f64> {
        if !self.wants(name) {
            return None;
        }
        let mut prepared = prepare();
        work(&mut prepared);
        let millis = (0..runs).map(|_| timed(|| work(&mut prepared))).collect();
        Some(Self::print(name, goal, millis))
    }

    /// As [`Table::measure`], and prepares again for each run.
    pub(crate) fn measure_afresh<T>(
        &mut self,
        name: &str,
        runs: usize,
        goal: Option<f64>,
        mut prepare: impl FnMut() -> T,
        mut work: impl FnMut(&mut T),
    ) {
        if self.wants(name) {
            work(&mut prepare());
            let run = |_| {
                let mut prepared = prepare();
                timed(|| work(&mut prepared))
            };
            Self::print(name, goal, (0..runs).map(run).collect());
        }
    }

    fn wants(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }

    /// Prints a line and gives the median.
    fn print(name: &str, goal: Option<f64>, mut millis: Vec<f64>) -> f64 {
        millis.sort_by(f64::total_cmp);
        let (median, least, runs) = (millis[millis.len() / 2], millis[0], millis.len());
        let (goal, share) = match goal {
            Some(goal) => (format!("{goal:.0}"), format!("{:.2}", median / goal)),
            None => (String::new(), String::new()),
        };
        println!("{name:<44} {median:>10.3} {least:>10.3} {runs:>6} {goal:>8} {share:>7}");
        median
    }
}

/// Milliseconds of CPU time that the work takes.
fn timed(work: impl FnOnce()) -> f64 {
    let before = cpu_time();
    work();
    cpu_time().saturating_sub(before).as_secs_f64() * 1000.0
}

/// CPU time that this process has used, in user and system mode.
#[cfg(unix)]
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let nanos = u32::try_from(time.tv_nsec).expect("less than a second");
    Duration::new(u64::try_from(time.tv_sec).expect("since the start"), nanos)
}

/// Wall time where the system's CPU time cannot be asked for.
#[cfg(not(unix))]
fn cpu_time() -> Duration {
    use std::sync::LazyLock;
    static START: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);
    START.elapsed()
}
