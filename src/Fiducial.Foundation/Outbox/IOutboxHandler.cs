namespace Fiducial.Foundation.Outbox;

/// <summary>Does the work of one topic. It may run twice for one message (a crash after the work): it must find its work done and return.</summary>
public interface IOutboxHandler
{
    string Topic { get; }

    Task HandleAsync(string body, CancellationToken ct);
}
