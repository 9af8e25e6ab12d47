//! The one list of rules. A rule is added by writing its file and one line here.

use super::Rule;

mod action_format;
mod action_pattern_no_match;
mod age_allow_ifexists;
mod allow_under_deny;
mod arn_account;
mod arn_account_forbidden;
mod arn_fields;
mod arn_partition;
mod arn_region_forbidden;
mod arn_region_missing;
mod arn_service_case;
mod arn_value;
mod bool_list;
mod bool_value;
mod cidr_value;
mod condition_always;
mod condition_key_format;
mod condition_never;
mod condition_value_types;
mod date_value;
mod deny_arn_not_equals_missing_key;
mod duplicate_sid;
mod effectively_star;
mod empty_action_list;
mod empty_condition;
mod empty_principal;
mod empty_resource_list;
mod empty_sid;
mod empty_statement;
mod expired_date;
mod federated_not_supported;
mod forallvalues_single_valued;
mod forallvalues_without_null;
mod identity_reference;
mod invalid_region;
mod invalid_sid;
mod invisible_character;
mod key_not_for_action;
mod mfa_set_operator;
mod mfa_unknown_key;
mod mfa_value;
mod missing_action_for_key;
mod missing_set_operator;
mod missing_version;
mod numeric_value;
mod old_version;
mod operator_type_mismatch;
mod principal_format;
mod principal_key;
mod principal_partial_wildcard;
mod private_source_ip;
mod rcp_grammar;
mod resource_mismatch;
mod resource_needs_star;
mod resource_not_arn;
mod resource_policy_resource;
mod roles_anywhere_actions;
mod scp_without_allow;
mod service_linked_role_star;
mod service_principal_format;
mod service_principal_key;
mod service_wildcard;
mod sid_repeated;
mod size_quota;
mod string_operator_on_arn;
mod tag_key_missing;
mod trust_action;
mod trust_action_principal;
mod trust_bare_wildcard;
mod trust_federated_format;
mod trust_notprincipal;
mod trust_resource;
mod unknown_action;
mod unknown_global_key;
mod unknown_service;
mod unknown_service_key;
mod unsupported_global_key;
mod unsupported_tag_condition;
mod username_variable_for_role;
mod variable_brace;
mod variable_element;
mod variable_empty;
mod variable_operator;
mod variable_quote;
mod variable_space;
mod variable_version;
mod vpc_id_format;
mod whitespace_in_name;
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
    &arn_region_forbidden::ArnRegionForbidden,
    &arn_account_forbidden::ArnAccountForbidden,
    &arn_region_missing::ArnRegionMissing,
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
    &trust_action_principal::TrustActionPrincipal,
    &trust_federated_format::TrustFederatedFormat,
    &trust_action::TrustAction,
    &roles_anywhere_actions::RolesAnywhereActions,
    &missing_action_for_key::MissingActionForKey,
    &size_quota::SizeQuota,
    &tag_key_missing::TagKeyMissing,
    &vpc_id_format::VpcIdFormat,
    &private_source_ip::PrivateSourceIp,
    &rcp_grammar::RcpGrammar,
    &unsupported_global_key::UnsupportedGlobalKey,
    &invisible_character::InvisibleCharacter,
    &resource_policy_resource::ResourcePolicyResource,
    &service_principal_key::ServicePrincipalKey,
    &scp_without_allow::ScpWithoutAllow,
    &invalid_region::InvalidRegion,
    &federated_not_supported::FederatedNotSupported,
    &unknown_action::UnknownAction,
    &unknown_service::UnknownService,
    &action_pattern_no_match::ActionPatternNoMatch,
    &unknown_global_key::UnknownGlobalKey,
    &unknown_service_key::UnknownServiceKey,
    &key_not_for_action::KeyNotForAction,
    &resource_mismatch::ResourceMismatch,
    &resource_needs_star::ResourceNeedsStar,
    &missing_version::MissingVersion,
    &old_version::OldVersion,
    &operator_type_mismatch::OperatorTypeMismatch,
    &string_operator_on_arn::StringOperatorOnArn,
    &bool_value::BoolValue,
    &numeric_value::NumericValue,
    &date_value::DateValue,
    &cidr_value::CidrValue,
    &arn_value::ArnValue,
    &wildcard_in_equals::WildcardInEquals,
    &allow_under_deny::AllowUnderDeny,
    &condition_never::ConditionNever,
    &condition_always::ConditionAlways,
    &expired_date::ExpiredDate,
    &service_linked_role_star::ServiceLinkedRoleStar,
    &identity_reference::IdentityReference,
    &sid_repeated::SidRepeated,
    &unsupported_tag_condition::UnsupportedTagCondition,
    &whitespace_in_name::WhitespaceInName,
    &effectively_star::EffectivelyStar,
    &username_variable_for_role::UsernameVariableForRole,
    &deny_arn_not_equals_missing_key::DenyArnNotEqualsMissingKey,
    &service_wildcard::ServiceWildcard,
    &forallvalues_single_valued::ForallvaluesSingleValued,
    &forallvalues_without_null::ForallvaluesWithoutNull,
    &mfa_set_operator::MfaSetOperator,
    &mfa_unknown_key::MfaUnknownKey,
    &mfa_value::MfaValue,
    &age_allow_ifexists::AgeAllowIfexists,
    &empty_action_list::EmptyActionList,
    &empty_resource_list::EmptyResourceList,
    &empty_principal::EmptyPrincipal,
    &empty_condition::EmptyCondition,
    &empty_sid::EmptySid,
];
