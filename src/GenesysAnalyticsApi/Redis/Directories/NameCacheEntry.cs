using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Text;
using MemoryPack;

namespace GenesysAnalyticsApi.Redis.Directories;

/// <summary>The form in which a user or a wrap-up code is stored in Redis. Call <see cref="Validate"/> before <see cref="Unpack"/>.</summary>
[MemoryPackable]
internal sealed partial record NameCacheEntry([property: CheckedString] string Id, [property: CheckedString] string Name, bool? IsActive, long LastSeen, bool Listed)
    : IDirectoryCacheEntry<NameCacheEntry, NamedEntry>
{
    private const int MaxTextLength = 4_096;

    public static byte Version => 1;

    public static string Noun => "an entry";

    public static NameCacheEntry Pack(NamedEntry entry, SharedTime time) =>
        new(entry.Id, entry.Name, entry.IsActive, time.ToShared(entry.LastSeen).ToUnixTimeTicks(), entry.Listed);

    public string? Validate() =>
        !(UnicodeText.IsValid(Id, MaxTextLength) && Id is not "" && UnicodeText.IsValid(Name, MaxTextLength)) ? "the text of an entry is invalid"
        : LastSeen < Instant.MinValue.ToUnixTimeTicks() || LastSeen > Instant.MaxValue.ToUnixTimeTicks() ? "the time of an entry is invalid"
        : null;

    public NamedEntry Unpack(SharedTime time, Instant readAt) =>
        new(Id, Name, IsActive, Instant.Min(time.FromShared(Instant.FromUnixTimeTicks(LastSeen)) ?? readAt, readAt), Listed);
}
