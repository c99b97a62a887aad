//! Curves as SVG, drawn here: a page that is handed on must not need anything else.

use std::fmt::Write as _;

use super::html::escape;

/// How wide a chart is of which two stand side by side, and one that stands alone.
const HALF: f64 = 720.0;
const WHOLE: f64 = 1_470.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 96.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 36.0;

/// A line of a chart.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    pub(crate) name: String,
    /// One of the page's colours, from 1.
    pub(crate) colour: usize,
    /// Whether what is below it is shaded.
    pub(crate) filled: bool,
    pub(crate) points: Vec<(f64, f64)>,
}

/// How a value becomes a place on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    Linear,
    Logarithmic,
}

/// A chart with its axes.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    pub(crate) title: String,
    /// What the values are in.
    pub(crate) unit: &'static str,
    pub(crate) scale: Scale,
    /// Whether it stands alone in its row.
    pub(crate) alone: bool,
    /// Places on the horizontal axis that have a name.
    pub(crate) marks: Vec<(f64, String)>,
    pub(crate) curves: Vec<Curve>,
}

/// Marks for seconds.
pub(crate) fn seconds(last: f64) -> Vec<(f64, String)> {
    let step = nice_step(last.max(1.0), 6.0);
    let count = (last / step).floor() as usize;
    let name = |at: f64| match at {
        at if step >= 3_600.0 => format!("{:.0} h", at / 3_600.0),
        at if step >= 60.0 => format!("{:.0} min", at / 60.0),
        at => format!("{at:.0} s"),
    };
    (0..=count).map(|index| index as f64 * step).map(|at| (at, name(at))).collect()
}

impl Chart {
    /// A figure of a page; nothing where there is nothing to draw.
    pub(crate) fn figure(&self) -> String {
        let drawing = self.drawing("");
        if drawing.is_empty() {
            return String::new();
        }
        let class = if self.alone { r#" class="alone""# } else { "" };
        let (title, unit) = (escape(&self.title), escape(self.unit));
        format!(
            r#"<figure{class}><figcaption>{title} <span class="unit">{unit}</span></figcaption>{drawing}</figure>"#
        )
    }

    /// A file of its own, with its colours; nothing where there is nothing to draw.
    pub(crate) fn file(&self) -> String {
        let style = format!("<style>{}</style>", include_str!("chart.css"));
        let drawing = self.drawing(&style);
        drawing.replacen("<svg ", r#"<svg xmlns="http://www.w3.org/2000/svg" "#, 1)
    }

    /// The drawing, which begins with `style`.
    fn drawing(&self, style: &str) -> String {
        let all = || self.curves.iter().flat_map(|curve| &curve.points);
        if all().count() < 2 {
            return String::new();
        }
        let width = if self.alone { WHOLE } else { HALF };
        let largest = all().map(|point| point.1).fold(0.0, f64::max);
        let smallest = all().map(|point| point.1).filter(|y| *y > 0.0).fold(f64::MAX, f64::min);
        let ticks = self.ticks(smallest, largest);
        let lowest = ticks.first().copied().unwrap_or(0.0);
        let highest = ticks.last().copied().unwrap_or(1.0).max(largest);
        let from = all().map(|point| point.0).fold(f64::MAX, f64::min);
        let to = all().map(|point| point.0).fold(f64::MIN, f64::max).max(from + 1e-9);
        let x = |at: f64| LEFT + (at - from) / (to - from) * (width - LEFT - RIGHT);
        let share = |value: f64| match self.scale {
            Scale::Linear => (value - lowest) / (highest - lowest).max(1e-9),
            Scale::Logarithmic => {
                (value.max(lowest) / lowest).ln() / (highest / lowest).max(1.000_001).ln()
            }
        };
        let y = |value: f64| HEIGHT - BOTTOM - share(value) * (HEIGHT - TOP - BOTTOM);
        let mut svg = format!(
            r#"<svg class="chart" viewBox="0 0 {width} {HEIGHT}" role="img" aria-label="{label}">{style}"#,
            label = escape(&self.words()),
        );
        // Writing into a string cannot fail.
        for tick in &ticks {
            let (at, end) = (y(*tick), width - RIGHT);
            let _ = write!(
                svg,
                r#"<path class="grid" d="M{LEFT} {at:.1}H{end}"/><text class="tick" x="{}" y="{:.1}" text-anchor="end">{}</text>"#,
                LEFT - 8.0,
                at + 4.0,
                number(*tick)
            );
        }
        for (at, name) in self.marks.iter().filter(|(at, _)| (from..=to).contains(at)) {
            let _ = write!(
                svg,
                r#"<text class="tick" x="{:.1}" y="{}" text-anchor="middle">{}</text>"#,
                x(*at),
                HEIGHT - BOTTOM + 20.0,
                escape(name)
            );
        }
        let floor = HEIGHT - BOTTOM;
        let mut taken: Vec<f64> = Vec::new();
        for curve in self.curves.iter().filter(|curve| !curve.points.is_empty()) {
            let place = |point: &(f64, f64)| format!("{:.1} {:.1}", x(point.0), y(point.1));
            let path: Vec<String> = curve.points.iter().map(place).collect();
            let path = path.join("L");
            let (first, last) = (curve.points[0], curve.points[curve.points.len() - 1]);
            if curve.filled {
                let _ = write!(
                    svg,
                    r#"<path class="area c{}" d="M{:.1} {floor}L{path}L{:.1} {floor}Z"/>"#,
                    curve.colour,
                    x(first.0),
                    x(last.0)
                );
            }
            let _ = write!(svg, r#"<path class="line c{}" d="M{path}"/>"#, curve.colour);
            let at = free(&mut taken, y(last.1));
            let _ = write!(
                svg,
                r#"<text class="name c{}" x="{}" y="{:.1}">{}</text>"#,
                curve.colour,
                width - RIGHT + 10.0,
                at + 4.0,
                escape(&curve.name)
            );
        }
        svg.push_str("</svg>");
        svg
    }

    /// What the curves show, for those who do not see them.
    fn words(&self) -> String {
        let mut words = format!("{}, in {}.", self.title, self.unit);
        for curve in &self.curves {
            let values = || curve.points.iter().map(|point| point.1);
            let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(0.0, f64::max));
            if low <= high {
                let _ = write!(words, " {}: from {} to {}.", curve.name, number(low), number(high));
            }
        }
        words
    }

    fn ticks(&self, smallest: f64, largest: f64) -> Vec<f64> {
        if self.scale == Scale::Logarithmic && largest > 0.0 {
            let (from, to) = (smallest.log10().floor() as i32, largest.log10().ceil() as i32);
            return (from..=to.max(from + 1)).map(|power| 10_f64.powi(power)).collect();
        }
        let step = nice_step(if largest > 0.0 { largest } else { 1.0 }, 4.0);
        let count = (largest / step).ceil().max(1.0) as usize;
        (0..=count).map(|index| index as f64 * step).collect()
    }
}

/// A place for a name that covers no other.
fn free(taken: &mut Vec<f64>, wanted: f64) -> f64 {
    let mut at = wanted;
    while let Some(near) = taken.iter().copied().find(|other| (other - at).abs() < 14.0) {
        at = near - 14.0;
    }
    taken.push(at);
    at
}

/// One, two or five times a power of ten.
fn nice_step(largest: f64, steps: f64) -> f64 {
    let raw = largest / steps;
    let power = 10_f64.powf(raw.log10().floor());
    let times = raw / power;
    power
        * if times <= 1.0 {
            1.0
        } else if times <= 2.0 {
            2.0
        } else if times <= 5.0 {
            5.0
        } else {
            10.0
        }
}

/// A number on an axis.
pub(crate) fn number(value: f64) -> String {
    match value {
        value if value >= 1e6 => trimmed(value / 1e6, "M"),
        value if value >= 1e4 => trimmed(value / 1e3, "k"),
        value if value >= 10.0 => format!("{value:.0}"),
        value => trimmed(value, ""),
    }
}

fn trimmed(value: f64, suffix: &str) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(points: &[(f64, f64)]) -> Chart {
        let points = points.to_vec();
        let curve = Curve { name: "p99 <of all>".to_owned(), colour: 1, filled: true, points };
        Chart {
            title: "Latency & more".to_owned(),
            unit: "ms",
            scale: Scale::Linear,
            alone: false,
            marks: seconds(2.0),
            curves: vec![curve],
        }
    }

    #[test]
    fn a_chart_is_whole_and_its_words_are_escaped() {
        let svg = chart(&[(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)]).figure();
        assert!(svg.starts_with("<figure>") && svg.ends_with("</figure>"));
        assert!(svg.contains("Latency &amp; more") && svg.contains("p99 &lt;of all&gt;"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn a_file_has_all_it_needs() {
        let svg = chart(&[(0.0, 1.0), (1.0, 3.0)]).file();
        assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>"));
        assert!(svg.contains("<style>") && svg.contains("prefers-color-scheme"));
        assert_eq!(chart(&[]).file(), "");
    }

    #[test]
    fn there_is_no_chart_of_nothing_and_one_of_zeros() {
        assert_eq!(chart(&[]).figure(), "");
        assert!(!chart(&[(0.0, 0.0), (1.0, 0.0)]).figure().contains("NaN"));
        let logarithmic = Chart { scale: Scale::Logarithmic, ..chart(&[(0.0, 0.0), (1.0, 5.0)]) };
        assert!(!logarithmic.figure().contains("NaN"));
    }

    #[test]
    fn steps_and_numbers_are_round() {
        assert!((nice_step(9.0, 4.0) - 5.0).abs() < 1e-9);
        assert!((nice_step(1_800.0, 6.0) - 500.0).abs() < 1e-9);
        let texts = [0.5, 7.0, 250.0, 12_000.0, 1_500_000.0].map(number);
        assert_eq!(texts, ["0.5", "7", "250", "12k", "1.5M"]);
    }

    #[test]
    fn names_do_not_cover_each_other() {
        let mut taken = Vec::new();
        let places = [100.0, 101.0, 99.0].map(|wanted| free(&mut taken, wanted));
        for (index, one) in places.iter().enumerate() {
            assert!(places[..index].iter().all(|other| (other - one).abs() >= 14.0));
        }
    }
}
