namespace GenesysAnalyticsApi.Errors;

/// <summary>How much of a fault of the service its callers are told.</summary>
internal sealed class ErrorsOptions
{
    public const string Section = "Errors";

    /// <summary>In Development: a 500 carries the exception with its stack, for whoever works on the service. The log always has it.</summary>
    public bool StackTraces { get; set; }
}
