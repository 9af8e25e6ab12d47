//! The one list of rules. A rule is added by writing its file and one line here.

use super::Rule;

mod action_format;
mod action_pattern_no_match;
mod admin_star;
mod admin_without_mfa;
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
mod allow_under_deny;
mod arn_account;
mod arn_account_forbidden;
mod arn_fields;
mod arn_partition;
mod arn_region_forbidden;
mod arn_region_missing;
mod arn_service_case;
mod arn_value;
mod assume_role_star;
mod bool_list;
mod bool_value;
mod cidr_value;
mod condition_always;
mod condition_key_format;
mod condition_never;
mod condition_value_types;
mod confused_deputy;
mod credentials_exposure;
mod data_exfiltration;
mod date_value;
mod deny_arn_not_equals_missing_key;
mod deny_mfa_bool_false;
mod deny_mfa_inverted;
mod deny_mfa_null_true;
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
mod human_trust_without_mfa;
mod identity_reference;
mod ifexists_allow;
mod invalid_region;
mod invalid_sid;
mod invisible_character;
mod key_admin_star;
mod key_not_for_action;
mod mfa_allow_notaction;
mod mfa_allow_shadowed;
mod mfa_allow_unreachable;
mod mfa_both_values;
mod mfa_carve_out_spoofable;
mod mfa_contradiction;
mod mfa_delete_confusion;
mod mfa_deny_console_reads;
mod mfa_deny_duplicate;
mod mfa_deny_first_password;
mod mfa_deny_forwarded_calls;
mod mfa_deny_hits_machines;
mod mfa_deny_narrowed;
mod mfa_deny_no_enrolment;
mod mfa_deny_no_exemption;
mod mfa_deny_no_session_token;
mod mfa_deny_partly_gated;
mod mfa_deny_resource_hole;
mod mfa_device_named_after_user;
mod mfa_enrol_any_user;
mod mfa_exempt_credentials;
mod mfa_exempt_deactivate;
mod mfa_exempt_delete_device;
mod mfa_exempt_not_allowed;
mod mfa_exempt_password;
mod mfa_exempt_too_broad;
mod mfa_gate_unclear;
mod mfa_guards_session_token;
mod mfa_in_role_policy;
mod mfa_in_session_policy;
mod mfa_key_spelling;
mod mfa_not_authorization;
mod mfa_operator_swap;
mod mfa_public_ifexists;
mod mfa_redundant_null;
mod mfa_remove_any_user;
mod mfa_remove_own_without_mfa;
mod mfa_second_device;
mod mfa_set_operator;
mod mfa_string_operator;
mod mfa_trust_age_only;
mod mfa_trust_federated;
mod mfa_trust_role_principal;
mod mfa_trust_service;
mod mfa_unknown_key;
mod mfa_value;
mod mfa_value_spelling;
mod missing_action_for_key;
mod missing_paired_key;
mod missing_set_operator;
mod missing_version;
mod notaction_allow;
mod notprincipal_allow;
mod notresource_allow;
mod numeric_value;
mod oidc_wide_subject;
mod oidc_without_audience;
mod old_version;
mod operator_type_mismatch;
mod pass_role_any_service;
mod pass_role_star;
mod permissions_management;
mod principal_format;
mod principal_key;
mod principal_partial_wildcard;
mod private_source_ip;
mod privilege_escalation;
mod public_principal;
mod public_weak_condition;
mod rcp_grammar;
mod resource_exposure;
mod resource_mismatch;
mod resource_needs_star;
mod resource_not_arn;
mod resource_policy_resource;
mod roles_anywhere_actions;
mod scp_without_allow;
mod security_service_off;
mod self_credential_any_user;
mod sensitive_without_mfa;
mod service_linked_role_star;
mod service_principal_format;
mod service_principal_key;
mod service_star;
mod service_wildcard;
mod sid_repeated;
mod size_quota;
mod source_ip_everywhere;
mod spoofable_key_in_deny;
mod string_operator_on_arn;
mod tag_key_missing;
mod trust_action;
mod trust_action_principal;
mod trust_anyone;
mod trust_bare_wildcard;
mod trust_federated_format;
mod trust_foreign_account;
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
mod write_without_constraint;

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
    &admin_star::AdminStar,
    &service_star::ServiceStar,
    &notaction_allow::NotactionAllow,
    &notresource_allow::NotresourceAllow,
    &notprincipal_allow::NotprincipalAllow,
    &public_principal::PublicPrincipal,
    &public_weak_condition::PublicWeakCondition,
    &pass_role_star::PassRoleStar,
    &pass_role_any_service::PassRoleAnyService,
    &privilege_escalation::PrivilegeEscalation,
    &permissions_management::PermissionsManagement,
    &credentials_exposure::CredentialsExposure,
    &data_exfiltration::DataExfiltration,
    &resource_exposure::ResourceExposure,
    &write_without_constraint::WriteWithoutConstraint,
    &trust_anyone::TrustAnyone,
    &trust_foreign_account::TrustForeignAccount,
    &confused_deputy::ConfusedDeputy,
    &oidc_without_audience::OidcWithoutAudience,
    &oidc_wide_subject::OidcWideSubject,
    &forallvalues_single_valued::ForallvaluesSingleValued,
    &forallvalues_without_null::ForallvaluesWithoutNull,
    &ifexists_allow::IfexistsAllow,
    &source_ip_everywhere::SourceIpEverywhere,
    &assume_role_star::AssumeRoleStar,
    &spoofable_key_in_deny::SpoofableKeyInDeny,
    &security_service_off::SecurityServiceOff,
    &key_admin_star::KeyAdminStar,
    &missing_paired_key::MissingPairedKey,
    &self_credential_any_user::SelfCredentialAnyUser,
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
    &mfa_enrol_any_user::MfaEnrolAnyUser,
    &mfa_remove_any_user::MfaRemoveAnyUser,
    &mfa_remove_own_without_mfa::MfaRemoveOwnWithoutMfa,
    &mfa_second_device::MfaSecondDevice,
    &mfa_device_named_after_user::MfaDeviceNamedAfterUser,
    &mfa_trust_federated::MfaTrustFederated,
    &mfa_trust_service::MfaTrustService,
    &mfa_trust_role_principal::MfaTrustRolePrincipal,
    &mfa_not_authorization::MfaNotAuthorization,
    &mfa_public_ifexists::MfaPublicIfexists,
    &mfa_guards_session_token::MfaGuardsSessionToken,
    &mfa_delete_confusion::MfaDeleteConfusion,
    &mfa_in_session_policy::MfaInSessionPolicy,
    &mfa_trust_age_only::MfaTrustAgeOnly,
    &mfa_allow_shadowed::MfaAllowShadowed,
    &mfa_allow_unreachable::MfaAllowUnreachable,
    &mfa_deny_partly_gated::MfaDenyPartlyGated,
    &mfa_contradiction::MfaContradiction,
    &mfa_redundant_null::MfaRedundantNull,
    &mfa_deny_narrowed::MfaDenyNarrowed,
    &mfa_carve_out_spoofable::MfaCarveOutSpoofable,
    &mfa_allow_notaction::MfaAllowNotaction,
    &mfa_deny_resource_hole::MfaDenyResourceHole,
    &mfa_deny_duplicate::MfaDenyDuplicate,
    &sensitive_without_mfa::SensitiveWithoutMfa,
    &human_trust_without_mfa::HumanTrustWithoutMfa,
    &admin_without_mfa::AdminWithoutMfa,
    &empty_action_list::EmptyActionList,
    &empty_resource_list::EmptyResourceList,
    &empty_principal::EmptyPrincipal,
    &empty_condition::EmptyCondition,
    &empty_sid::EmptySid,
];
