using System.IO.Compression;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using MemoryPack;
using MemoryPack.Compression;
using Microsoft.Win32.SafeHandles;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Stores the slices of jobs on disk, compressed, because the slices of a year can need more memory than <c>Cache:MaxBytes</c>. The files have no directory
/// entry, so the system deletes them when the process ends, even if the process crashes. When all files are full, the store drops the oldest file. Slices
/// contain ids, but no names of queues or people.
/// </summary>
internal sealed partial class SliceDiskStore(IOptions<CacheStorageOptions> options, TimeProvider clock, ILogger<SliceDiskStore> logger) : IDisposable
{
    private const int MaxFiles = 4;

    /// <summary>How long the store writes nothing after a failed write. A full disk or a missing directory can be fixed while the service runs.</summary>
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Queue<UnnamedFile> _files = new();
    private readonly Dictionary<SliceKey, Place> _places = [];

    private UnnamedFile? _current;
    private long _resumesAtTicks;
    private bool _isDisposed;

    /// <summary>The number of bytes on disk.</summary>
    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _files.Sum(file => file.Length);
            }
        }
    }

    /// <summary>
    /// Stores the slice, unless the store contains the same or a newer one. A slice that is too large, or that cannot be written, remains only in memory.
    /// </summary>
    public void Store(SliceKey key, CachedSlice slice)
    {
        if (options.Value.MaxDiskBytes == 0 || IsPausing || HasSameOrNewer(key, slice))
        {
            return;
        }

        using var compressor = new BrotliCompressor(CompressionLevel.Fastest);
        MemoryPackSerializer.Serialize(compressor, SliceCacheEntry.Pack(slice, stamp: 0, expiresAt: 0));
        var bytes = compressor.ToArray();
        if (bytes.Length > options.Value.MaxDiskBytes / MaxFiles)
        {
            return;
        }

        try
        {
            var place = Reserve(bytes.Length, slice);
            RandomAccess.Write(place.File.Handle, bytes, place.Offset);
            lock (_gate)
            {
                if (_files.Contains(place.File) && !(_places.GetValueOrDefault(key).FetchedAt > slice.FetchedAt))
                {
                    _places[key] = place;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The service is stopping, or the file has been dropped.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _resumesAtTicks, (clock.GetUtcNow() + PauseAfterFault).Ticks);
            Log.Failed(logger, Directory, failure.Message);
        }
    }

    public CachedSlice? Find(SliceKey key)
    {
        Place place;
        lock (_gate)
        {
            if (!_places.TryGetValue(key, out place))
            {
                return null;
            }
        }

        try
        {
            var bytes = new byte[place.Length];
            if (RandomAccess.Read(place.File.Handle, bytes, place.Offset) != bytes.Length)
            {
                return null;
            }

            using var decompressor = new BrotliDecompressor();
            return MemoryPackSerializer.Deserialize<SliceCacheEntry>(decompressor.Decompress(bytes))?.Unpack(place.FetchedAt);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or MemoryPackSerializationException)
        {
            // The file has been dropped, or the disk is damaged. The slice is then treated as missing.
            return null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var file in _files)
            {
                file.Dispose();
            }

            _current?.Dispose();
            _files.Clear();
            _places.Clear();
        }
    }

    private bool IsPausing => clock.GetUtcNow().Ticks < Volatile.Read(ref _resumesAtTicks);

    private string Directory => options.Value.DirectoryOrTemp();

    // A slice that was completed with further queues keeps its fetch time, so the queues are compared too.
    private bool HasSameOrNewer(SliceKey key, CachedSlice slice)
    {
        lock (_gate)
        {
            return _places.TryGetValue(key, out var place)
                && (place.FetchedAt > slice.FetchedAt || (place.FetchedAt == slice.FetchedAt && place.RequestedQueues.IsSame(slice.RequestedQueues)));
        }
    }

    private Place Reserve(int length, CachedSlice slice)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_current is null || _current.Length + length > options.Value.MaxDiskBytes / MaxFiles)
            {
                _current = UnnamedFile.In(Directory);
                _files.Enqueue(_current);
                if (_files.Count > MaxFiles)
                {
                    Drop(_files.Dequeue());
                }
            }

            var place = new Place(_current, _current.Length, length, slice.FetchedAt, slice.RequestedQueues);
            _current.Length += length;
            return place;
        }
    }

    private void Drop(UnnamedFile file)
    {
        foreach (var (key, _) in _places.Where(place => place.Value.File == file).ToList())
        {
            _places.Remove(key);
        }

        file.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(
            4009,
            LogLevel.Warning,
            "Storing slices of jobs in {Directory} (Cache:Directory) failed: {Reason}. Results of large jobs might need additional Genesys requests")]
        public static partial void Failed(ILogger logger, string directory, string reason);
    }

    private readonly record struct Place(UnnamedFile File, long Offset, int Length, Instant FetchedAt, QueueSet RequestedQueues);
}

/// <summary>A file without a name. The system deletes it when the process ends, even if the process crashes.</summary>
internal sealed class UnnamedFile : IDisposable
{
    private readonly FileStream _stream;

    private UnnamedFile(FileStream stream) => _stream = stream;

    public SafeFileHandle Handle => _stream.SafeFileHandle;

    public long Length { get; set; }

    public static UnnamedFile In(string directory)
    {
        var path = Path.Combine(directory, $"genesys-analytics-{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new UnnamedFile(new FileStream(path, options));

        // Without its name, the file exists only until it is closed. No other process can open it by name, and a killed process leaves nothing behind.
        File.Delete(path);
        return file;
    }

    public void Dispose() => _stream.Dispose();
}
