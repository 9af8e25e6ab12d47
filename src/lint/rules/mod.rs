//! The one list of rules. A rule is added by writing its file and one line here.

use super::Rule;

mod action_format;
mod arn_account;
mod arn_fields;
mod arn_partition;
mod arn_service_case;
mod arn_value;
mod bool_list;
mod bool_value;
mod condition_key_format;
mod condition_value_types;
mod duplicate_sid;
mod empty_statement;
mod invalid_sid;
mod missing_set_operator;
mod missing_version;
mod old_version;
mod operator_type_mismatch;
mod principal_format;
mod principal_key;
mod principal_partial_wildcard;
mod rcp_grammar;
mod resource_not_arn;
mod scp_without_allow;
mod service_principal_format;
mod service_wildcard;
mod sid_repeated;
mod tag_key_missing;
mod trust_bare_wildcard;
mod trust_notprincipal;
mod trust_resource;
mod unknown_global_key;
mod variable_brace;
mod variable_element;
mod variable_empty;
mod variable_operator;
mod variable_quote;
mod variable_space;
mod variable_version;
mod wildcard_in_equals;

/// All rules, in the order of their codes: grammar, warnings, security, MFA, suggestions.
pub const RULES: &[&dyn Rule] = &[
    &empty_statement::EmptyStatement,
    &duplicate_sid::DuplicateSid,
    &invalid_sid::InvalidSid,
    &action_format::ActionFormat,
    &resource_not_arn::ResourceNotArn,
    &arn_fields::ArnFields,
    &arn_partition::ArnPartition,
    &arn_account::ArnAccount,
    &arn_service_case::ArnServiceCase,
    &condition_key_format::ConditionKeyFormat,
    &condition_value_types::ConditionValueTypes,
    &bool_list::BoolList,
    &missing_set_operator::MissingSetOperator,
    &variable_brace::VariableBrace,
    &variable_quote::VariableQuote,
    &variable_space::VariableSpace,
    &variable_empty::VariableEmpty,
    &variable_element::VariableElement,
    &variable_operator::VariableOperator,
    &variable_version::VariableVersion,
    &principal_key::PrincipalKey,
    &principal_format::PrincipalFormat,
    &service_principal_format::ServicePrincipalFormat,
    &principal_partial_wildcard::PrincipalPartialWildcard,
    &trust_resource::TrustResource,
    &trust_notprincipal::TrustNotprincipal,
    &trust_bare_wildcard::TrustBareWildcard,
    &tag_key_missing::TagKeyMissing,
    &rcp_grammar::RcpGrammar,
    &scp_without_allow::ScpWithoutAllow,
    &unknown_global_key::UnknownGlobalKey,
    &missing_version::MissingVersion,
    &old_version::OldVersion,
    &operator_type_mismatch::OperatorTypeMismatch,
    &bool_value::BoolValue,
    &arn_value::ArnValue,
    &wildcard_in_equals::WildcardInEquals,
    &sid_repeated::SidRepeated,
    &service_wildcard::ServiceWildcard,
];
