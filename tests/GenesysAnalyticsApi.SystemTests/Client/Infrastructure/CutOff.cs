using System.Net;

namespace GenesysAnalyticsApi.SystemTests.Client.Infrastructure;

/// <summary>The network between the client and the service. It can cut off responses in progress.</summary>
internal sealed class CutOff
{
    private readonly List<CutStream> _bodies = [];

    /// <summary>Whether a cut connection stays open without delivering anything.</summary>
    public bool IsSilent { get; init; }

    public HttpResponseMessage Apply(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var body = new CutStream(response.Content.ReadAsStream(TestContext.Current.CancellationToken), IsSilent);
            _bodies.Add(body);
            response.Content = new StreamContent(body);
        }

        return response;
    }

    public void Now() => _bodies.ForEach(body => body.Cut());
}

/// <summary>A body that can be cut off while it is read.</summary>
internal sealed class CutStream(Stream inner, bool isSilent) : Stream
{
    private readonly CancellationTokenSource _cut = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void Cut() => _cut.Cancel();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token, cancellationToken);
        try
        {
            return await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException cut) when (_cut.IsCancellationRequested)
        {
            if (isSilent)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            throw new IOException("Connection reset by peer", cut);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _cut.Dispose();
        }

        base.Dispose(disposing);
    }
}
