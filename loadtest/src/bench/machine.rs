//! On what it was measured.

use std::fs;
use std::thread::available_parallelism;

/// Processors, memory and kernel, in a line.
pub(super) fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cores = available_parallelism().map_or(1, |cores| cores.get());
    let model = value(&read("/proc/cpuinfo"), "model name").unwrap_or("processor unknown".into());
    let memory = value(&read("/proc/meminfo"), "MemTotal");
    let kibibytes = memory.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    let gib = kibibytes.map_or(String::new(), |kib| format!(", {:.0} GiB", kib / 1_048_576.0));
    let kernel = read("/proc/sys/kernel/osrelease");
    let kernel = kernel.trim().split('-').next().unwrap_or_default();
    format!("{cores} cores of {model}{gib}, Linux {kernel}")
}

fn value(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    let (_, value) = line.split_once(':')?;
    Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_a_name() {
        let told = machine();
        assert!(told.contains("cores of") && told.contains("GiB, Linux "), "{told}");
        assert_eq!(
            value("a\t: 1\nmodel name\t: Some  CPU\n", "model name").as_deref(),
            Some("Some CPU")
        );
    }
}
