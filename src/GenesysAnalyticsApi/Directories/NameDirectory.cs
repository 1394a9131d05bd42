using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Directories;

/// <summary>Names of users or wrap-up codes by id. Nothing is read until somebody asks for it.</summary>
internal abstract class NameDirectory
{
    /// <summary>The last snapshot. Null until the listing has been read.</summary>
    public NameSnapshot? Current => null;

    /// <summary>Returns the last snapshot, or the result of the first read, which all waiting callers share.</summary>
    /// <exception cref="GenesysException">The listing has never been read and cannot be read now.</exception>
    public ValueTask<NameSnapshot> GetAsync(CancellationToken cancellationToken) =>
        ValueTask.FromException<NameSnapshot>(new GenesysException(new(GenesysFailureKind.Unavailable, "The directory is not read yet.")));
}

/// <summary>The users of the organisation.</summary>
internal sealed class UserDirectory : NameDirectory;

/// <summary>The wrap-up codes of the organisation.</summary>
internal sealed class WrapUpCodeDirectory : NameDirectory;
