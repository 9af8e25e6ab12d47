//! The default list of sensitive actions is what the rule about them describes (M490).

use twokeys::account::Sensitive;
use twokeys::catalog::{self, Level};
use twokeys::name::Action;

#[test]
fn m490_the_default_list_has_all_of_iam_and_organizations_that_writes() {
    let listed = Sensitive::default_actions();
    let names: Vec<&str> = listed.iter().map(Action::as_str).collect();
    assert!(names.is_sorted());
    for name in &names {
        assert!(catalog::action(name).is_some(), "{name} is no action any more");
    }
    let text = include_str!("../src/account/sensitive.txt");
    assert_eq!(names.len(), text.lines().count(), "every line is an action");
    let enrollment = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ResyncMFADevice"];
    for service in ["iam", "organizations"].into_iter().filter_map(catalog::service) {
        for action in service.actions() {
            let name = action.to_string();
            let writes = matches!(action.level(), Level::Write | Level::Permissions);
            let expected = writes && !enrollment.contains(&name.as_str());
            assert_eq!(names.contains(&name.as_str()), expected, "{name}");
        }
    }
}
