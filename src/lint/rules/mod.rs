//! The one list of rules. A rule is added by writing its file and one line here.

use super::Rule;

mod action_format;
mod age_allow_ifexists;
mod age_and_present_in_deny;
mod age_deny_no_ifexists;
mod age_direction;
mod age_equals;
mod age_value;
mod age_without_present;
mod allow_mfa_ifexists;
mod allow_mfa_inverted;
mod allow_mfa_null_false;
mod arn_account;
mod arn_fields;
mod arn_partition;
mod arn_service_case;
mod arn_value;
mod bool_list;
mod bool_value;
mod cidr_value;
mod condition_key_format;
mod condition_value_types;
mod date_value;
mod deny_mfa_bool_false;
mod deny_mfa_inverted;
mod deny_mfa_null_true;
mod duplicate_sid;
mod empty_action_list;
mod empty_condition;
mod empty_principal;
mod empty_resource_list;
mod empty_sid;
mod empty_statement;
mod forallvalues_single_valued;
mod forallvalues_without_null;
mod invalid_sid;
mod invisible_character;
mod mfa_both_values;
mod mfa_deny_console_reads;
mod mfa_deny_first_password;
mod mfa_deny_forwarded_calls;
mod mfa_deny_hits_machines;
mod mfa_deny_no_enrolment;
mod mfa_deny_no_exemption;
mod mfa_deny_no_session_token;
mod mfa_exempt_credentials;
mod mfa_exempt_deactivate;
mod mfa_exempt_delete_device;
mod mfa_exempt_not_allowed;
mod mfa_exempt_password;
mod mfa_exempt_too_broad;
mod mfa_gate_unclear;
mod mfa_in_role_policy;
mod mfa_key_spelling;
mod mfa_operator_swap;
mod mfa_set_operator;
mod mfa_string_operator;
mod mfa_unknown_key;
mod mfa_value;
mod mfa_value_spelling;
mod missing_set_operator;
mod missing_version;
mod numeric_value;
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
mod size_quota;
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
    &size_quota::SizeQuota,
    &tag_key_missing::TagKeyMissing,
    &rcp_grammar::RcpGrammar,
    &invisible_character::InvisibleCharacter,
    &scp_without_allow::ScpWithoutAllow,
    &unknown_global_key::UnknownGlobalKey,
    &missing_version::MissingVersion,
    &old_version::OldVersion,
    &operator_type_mismatch::OperatorTypeMismatch,
    &bool_value::BoolValue,
    &numeric_value::NumericValue,
    &date_value::DateValue,
    &cidr_value::CidrValue,
    &arn_value::ArnValue,
    &wildcard_in_equals::WildcardInEquals,
    &sid_repeated::SidRepeated,
    &service_wildcard::ServiceWildcard,
    &forallvalues_single_valued::ForallvaluesSingleValued,
    &forallvalues_without_null::ForallvaluesWithoutNull,
    &mfa_gate_unclear::MfaGateUnclear,
    &allow_mfa_ifexists::AllowMfaIfexists,
    &deny_mfa_bool_false::DenyMfaBoolFalse,
    &deny_mfa_null_true::DenyMfaNullTrue,
    &allow_mfa_null_false::AllowMfaNullFalse,
    &allow_mfa_inverted::AllowMfaInverted,
    &deny_mfa_inverted::DenyMfaInverted,
    &mfa_set_operator::MfaSetOperator,
    &mfa_both_values::MfaBothValues,
    &mfa_unknown_key::MfaUnknownKey,
    &mfa_string_operator::MfaStringOperator,
    &mfa_operator_swap::MfaOperatorSwap,
    &mfa_value::MfaValue,
    &mfa_key_spelling::MfaKeySpelling,
    &mfa_value_spelling::MfaValueSpelling,
    &age_allow_ifexists::AgeAllowIfexists,
    &age_deny_no_ifexists::AgeDenyNoIfexists,
    &age_direction::AgeDirection,
    &age_and_present_in_deny::AgeAndPresentInDeny,
    &age_value::AgeValue,
    &age_without_present::AgeWithoutPresent,
    &age_equals::AgeEquals,
    &mfa_deny_no_exemption::MfaDenyNoExemption,
    &mfa_deny_no_session_token::MfaDenyNoSessionToken,
    &mfa_deny_no_enrolment::MfaDenyNoEnrolment,
    &mfa_deny_console_reads::MfaDenyConsoleReads,
    &mfa_exempt_not_allowed::MfaExemptNotAllowed,
    &mfa_deny_hits_machines::MfaDenyHitsMachines,
    &mfa_in_role_policy::MfaInRolePolicy,
    &mfa_deny_forwarded_calls::MfaDenyForwardedCalls,
    &mfa_deny_first_password::MfaDenyFirstPassword,
    &mfa_exempt_too_broad::MfaExemptTooBroad,
    &mfa_exempt_deactivate::MfaExemptDeactivate,
    &mfa_exempt_credentials::MfaExemptCredentials,
    &mfa_exempt_password::MfaExemptPassword,
    &mfa_exempt_delete_device::MfaExemptDeleteDevice,
    &empty_action_list::EmptyActionList,
    &empty_resource_list::EmptyResourceList,
    &empty_principal::EmptyPrincipal,
    &empty_condition::EmptyCondition,
    &empty_sid::EmptySid,
];
