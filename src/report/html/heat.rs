//! The heat map: principals and services, each cell split in the three states (UX-123).
//!
//! A strip is empty, hatched or full: none, some or all of the actions that were asked about. So it reads
//! without color; and without eyes by the words that each cell has.

use super::facts::Service;
use super::text::{escape, grouped};
use super::{Group, Page, WORDS};

/// More columns do not fit a page, more rows do not fit a head.
const MOST_SERVICES: usize = 40;
const MOST_ROWS: usize = 200;
/// Names in front of a row.
const MOST_NAMES: usize = 2;

pub(super) fn push(out: &mut String, page: &Page) {
    out.push_str("<section aria-labelledby=\"heat\">\n<h2 id=\"heat\">Who may do what</h2>\n");
    let columns = columns(page);
    let mut rows: Vec<(&[Service], &Group)> = page
        .groups
        .iter()
        .map(|(services, group)| (services.as_slice(), group))
        .filter(|(services, _)| is_open(services))
        .collect();
    let gaps = |services: &[Service]| services.iter().map(|one| u64::from(one.gaps)).sum::<u64>();
    rows.sort_by_key(|(services, group)| (u64::MAX - gaps(services), group.labels.first()));
    legend(out);
    out.push_str("<div class=\"scroll\" role=\"region\" aria-labelledby=\"heat\" tabindex=\"0\">\n<table class=\"heat\">\n");
    out.push_str("<thead><tr><td></td>");
    for at in &columns {
        let name = page.about.services().get(*at).map_or("", |(name, _)| name);
        out.push_str(&format!("<th scope=\"col\"><span>{}</span></th>", escape(name)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (services, group) in rows.iter().take(MOST_ROWS) {
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>", labels(group)));
        for at in &columns {
            let asked = page.about.services().get(*at).map_or(0, |(_, count)| *count);
            if let Some(service) = services.get(*at) {
                cell(out, *service, asked);
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    let (services, hidden) = (page.about.services().len(), rows.len().saturating_sub(MOST_ROWS));
    let mut left_out = Vec::new();
    if services > columns.len() {
        left_out.push(format!(
            "{} of {} services are shown: those with most gaps, then those in which most is allowed",
            columns.len(),
            grouped(services)
        ));
    }
    if hidden > 0 {
        left_out.push(format!("{} rows with the fewest gaps are left out", grouped(hidden)));
    }
    let silent: usize = page
        .groups
        .iter()
        .filter(|(services, _)| !is_open(services))
        .map(|(_, group)| group.labels.len())
        .sum();
    if silent > 0 {
        left_out.push(format!("{} may do none of it", super::counted(silent, "principal")));
    }
    if !left_out.is_empty() {
        out.push_str(&format!("<p>{}.</p>\n", left_out.join("; ")));
    }
    out.push_str("</section>\n");
}

fn is_open(services: &[Service]) -> bool {
    services.iter().any(|service| service.allowed != [0; 3])
}

/// The services to show, by name.
fn columns(page: &Page) -> Vec<usize> {
    let mut ranked: Vec<(u64, u64, usize)> = (0..page.about.services().len())
        .map(|at| {
            let sums = page.groups.iter().fold((0, 0), |(gaps, allowed), (services, group)| {
                let many = group.labels.len() as u64;
                let service = services.get(at).copied().unwrap_or_default();
                let open: u64 = service.allowed.iter().map(|count| u64::from(*count)).sum();
                (gaps + many * u64::from(service.gaps), allowed + many * open)
            });
            (u64::MAX - sums.0, u64::MAX - sums.1, at)
        })
        .collect();
    ranked.sort_unstable();
    let mut shown: Vec<usize> = ranked.into_iter().take(MOST_SERVICES).map(|(_, _, at)| at).collect();
    shown.sort_unstable();
    shown
}

fn labels(group: &Group) -> String {
    let first: Vec<String> = group.labels.iter().take(MOST_NAMES).map(|label| escape(label)).collect();
    let more = group.labels.len().saturating_sub(MOST_NAMES);
    let rest: Vec<String> = group.labels.iter().skip(MOST_NAMES).map(|label| escape(label)).collect();
    match more {
        0 => first.join("<br>"),
        _ => format!(
            "{}<details><summary>and {} more alike</summary>{}</details>",
            first.join("<br>"),
            grouped(more),
            rest.join("<br>")
        ),
    }
}

fn cell(out: &mut String, service: Service, asked: usize) {
    let (letter, words) =
        WORDS.get(service.worst).map_or(('?', ""), |(verdict, words)| (verdict.letter(), *words));
    let [missing, false_, true_] = service.allowed;
    let gaps = match service.gaps {
        0 => String::new(),
        count => format!("; {}", super::counted(count as usize, "gap")),
    };
    let told = format!("missing {missing}, false {false_}, true {true_} of {asked}; at worst {words}{gaps}");
    let class = if service.gaps > 0 { " class=\"gap\"" } else { "" };
    out.push_str(&format!("<td{class} title=\"{told}\"><span aria-hidden=\"true\" class=\"cell\">"));
    for (count, state) in service.allowed.iter().zip(["m", "f", "t"]) {
        let level = match *count as usize {
            0 => "none",
            count if count < asked => "some",
            _ => "all",
        };
        out.push_str(&format!("<i class=\"{state} {level}\"></i>"));
    }
    let mark = if service.gaps > 0 { "!" } else { "" };
    out.push_str(&format!("<b>{letter}{mark}</b></span><span class=\"words\">{told}</span></td>"));
}

fn legend(out: &mut String) {
    out.push_str("<div class=\"legend\">\n<ul aria-hidden=\"true\">\n");
    for (level, words) in [("none", "none of the actions"), ("some", "some"), ("all", "all")] {
        out.push_str(&format!("<li><span class=\"cell\"><i class=\"m {level}\"></i><i class=\"f {level}\"></i><i class=\"t {level}\"></i></span> {words}</li>\n"));
    }
    out.push_str("<li>strips from left: MFA missing, false, true</li>\n</ul>\n<ul>\n");
    for (verdict, words) in WORDS {
        out.push_str(&format!("<li><b class=\"letter\">{}</b> {words}</li>\n", verdict.letter()));
    }
    out.push_str("<li><b class=\"letter\">!</b> a gap: sensitive, and possible without MFA</li>\n</ul>\n");
    out.push_str("<p>The letter is the most open answer among the actions of the service.</p>\n</div>\n");
}
