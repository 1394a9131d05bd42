namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Combines small writes into larger writes, because each write to a response takes time.</summary>
internal sealed class WriteBuffer : IDisposable
{
    private const int FullBytes = 32 * 1024;

    public MemoryStream Bytes { get; } = new(2 * FullBytes);

    public Task SendIfFullAsync(Stream target, CancellationToken cancellationToken) =>
        Bytes.Length < FullBytes ? Task.CompletedTask : SendAsync(target, cancellationToken);

    public async Task SendAsync(Stream target, CancellationToken cancellationToken)
    {
        await target.WriteAsync(Bytes.GetBuffer().AsMemory(0, (int)Bytes.Length), cancellationToken);
        Bytes.SetLength(0);
    }

    public void Dispose() => Bytes.Dispose();
}
