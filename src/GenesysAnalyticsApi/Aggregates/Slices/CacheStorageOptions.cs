using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Configuration;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>The settings of the caches: their sizes, their directory on disk, and the Redis server that replicas share.</summary>
internal sealed class CacheStorageOptions : IValidatableObject
{
    public const string Section = "Cache";

    private const double MiB = 1024 * 1024;

    /// <summary>Connection string of Redis. If it is set, replicas share slices, fetches, directories, jobs, queue states, alerts and the rate limit.</summary>
    [Secret]
    public string? Redis { get; set; }

    /// <summary>Memory for slices in one process, in bytes.</summary>
    [Range(16 * MiB, 1024 * 1024 * MiB)]
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Memory for cached responses in one process, in bytes.</summary>
    [Range(MiB, 1024 * 1024 * MiB)]
    public long MaxAnswerBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Disk space for slices of jobs in one process, in bytes; 0 for none. Ignored if Redis is set, because Redis then stores these slices.</summary>
    [Range(0, 1024 * 1024 * MiB)]
    public long MaxDiskBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>The directory for the slices and results of jobs; null for the temporary directory of the system.</summary>
    public string? Directory { get; set; }

    public string DirectoryOrTemp() => Directory ?? Path.GetTempPath();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrWhiteSpace(Redis) && !IsConnectionString(Redis))
        {
            yield return new(
                "is not a StackExchange.Redis connection string. Give host:port, then comma-separated options, such as redis:6379,password=…,ssl=true.",
                [nameof(Redis)]);
        }

        if (Directory is not null && !System.IO.Directory.Exists(Directory))
        {
            yield return new(
                "is not an existing directory. Create the directory, or remove the setting to use the temporary directory of the system.",
                [nameof(Directory)]);
        }
    }

    private static bool IsConnectionString(string value)
    {
        try
        {
            // A redis:// address would be parsed as a host name.
            return !value.Contains("://", StringComparison.Ordinal) && ConfigurationOptions.Parse(value).EndPoints.Count > 0;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }
}
