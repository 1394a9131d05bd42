using System.Collections.Concurrent;

namespace GenesysAnalyticsApi.Aggregates;

internal sealed class SliceCache
{
    private readonly ConcurrentDictionary<SliceKey, StoredSlice> _memory = new();

    public ValueTask<StoredSlice?> FindAsync(SliceKey key, CancellationToken cancellationToken) => new(_memory.GetValueOrDefault(key));

    public ValueTask<StoredSlice?> FindSharedAsync(SliceKey key, CancellationToken cancellationToken) => new((StoredSlice?)null);

    public StoredSlice? InMemory(SliceKey key) => _memory.GetValueOrDefault(key);

    public Task KeepAsync(SliceKey key, StoredSlice slice, TimeSpan life, bool memoryOnly)
    {
        _memory[key] = slice;
        return Task.CompletedTask;
    }
}
