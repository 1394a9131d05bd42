namespace GenesysAnalyticsApi.Configuration;

/// <summary>Marks a setting with a value that messages never show, because the value is a secret or can contain one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
