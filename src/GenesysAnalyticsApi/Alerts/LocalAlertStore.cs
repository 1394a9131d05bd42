using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>Stores the state of alerts in memory and, with <c>Alerts:StateFile</c>, also in a file. Each save replaces the whole file.</summary>
internal sealed partial class LocalAlertStore(IOptions<AlertsOptions> options, ILogger<LocalAlertStore> logger) : IAlertStore, IAlertLeadership
{
    private const int MaxBytes = 64 * 1024 * 1024;

    private volatile AlertRegister? _register;
    private bool _isFailing;

    public bool IsShared => false;

    AlertRegister? IAlertLeadership.Register => _register;

    private string? File => options.Value.StateFile is { Length: > 0 } file ? file : null;

    public Task<AlertRegister?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(_register);

    public async Task<IAlertLeadership?> TryLeadAsync(CancellationToken cancellationToken)
    {
        if (_register is null && File is { } file && System.IO.File.Exists(file))
        {
            _register = await ReadAsync(file, cancellationToken);
        }

        return this;
    }

    public async Task<bool> SaveAsync(AlertRegister? register, CancellationToken cancellationToken)
    {
        if (register is null)
        {
            return true;
        }

        _register = register;
        if (File is { } file)
        {
            await WriteAsync(file, AlertRegisterEntry.Write(register), cancellationToken);
        }

        return true;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<AlertRegister?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = new FileInfo(file).Length > MaxBytes ? [] : await System.IO.File.ReadAllBytesAsync(file, cancellationToken);
            var register = AlertRegisterEntry.Read(bytes, out var fault);
            if (register is null)
            {
                Log.Invalid(logger, file, fault ?? "written by another version");
            }

            return register;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.Invalid(logger, file, failure.Message);
            return null;
        }
    }

    private async Task WriteAsync(string file, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            // A crash during the write must not destroy the previous file.
            var newFile = $"{file}.next";
            await System.IO.File.WriteAllBytesAsync(newFile, bytes, cancellationToken);
            System.IO.File.Move(newFile, file, overwrite: true);
            _isFailing = false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Alerts work without the file. After a restart, however, webhooks would be notified again of alerts that are still firing.
            if (!_isFailing)
            {
                Log.NotWritten(logger, file, failure.Message);
            }

            _isFailing = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9520, LogLevel.Warning, "The state of alerts in {File} could not be used ({Reason}); the service notifies webhooks again of alerts that fire")]
        public static partial void Invalid(ILogger logger, string file, string reason);

        [LoggerMessage(9521, LogLevel.Warning, "The state of alerts could not be written to {File} ({Reason}); after a restart, the service would notify webhooks again of alerts that fire")]
        public static partial void NotWritten(ILogger logger, string file, string reason);
    }
}
