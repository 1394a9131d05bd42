namespace GenesysAnalyticsApi.Configuration;

/// <summary>Marks a setting whose value no message shows, because it is a secret or can contain one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
