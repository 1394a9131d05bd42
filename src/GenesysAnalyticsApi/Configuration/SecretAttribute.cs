namespace GenesysAnalyticsApi.Configuration;

/// <summary>Marks a setting whose value is never shown in a message, because it is a secret or can contain one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
