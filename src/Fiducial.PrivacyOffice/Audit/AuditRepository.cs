using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Fiducial.PrivacyOffice.Audit;

/// <summary>An audit record repository outside the house, as <c>Audit:Syslog</c> of fiducial.json names it.</summary>
/// <param name="Authority">PEM file of the authority that signed its certificate; empty for the authorities of the machine.</param>
public sealed record AuditRepository(string Host, int Port, bool Tls, string Authority = "")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Destination =>
        string.Create(CultureInfo.InvariantCulture, $"{(Tls ? "tls" : "udp")}://{Host}:{Port}");

    /// <summary>Sends messages in order.</summary>
    /// <returns>True when they are known to have come; over UDP, when nothing said that they did not.</returns>
    /// <exception cref="IOException">The repository does not answer.</exception>
    internal async Task SendAsync(IReadOnlyList<byte[]> messages, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await (Tls ? OverTlsAsync(messages, patience.Token) : OverUdpAsync(messages, patience.Token));
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"{Destination} does not answer.", e);
        }
        catch (Exception e) when (e is SocketException or System.Security.Authentication.AuthenticationException)
        {
            throw new IOException($"{Destination}: {e.Message}", e);
        }
    }

    // RFC 5426: a message is a datagram.
    private async Task OverUdpAsync(IReadOnlyList<byte[]> messages, CancellationToken ct)
    {
        using var client = new UdpClient(Host, Port);
        foreach (var message in messages)
        {
            await client.SendAsync(message, ct);
        }
    }

    // RFC 5425: each message with its length before it. The protocol has no answer: that the other side closes after us, having read all
    // that came before our close, is the only sign that it has it. Without the sign all is sent again.
    private async Task OverTlsAsync(IReadOnlyList<byte[]> messages, CancellationToken ct)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(Host, Port, ct);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(Trust(), ct);
        using var frames = new MemoryStream();
        foreach (var message in messages)
        {
            frames.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")));
            frames.Write(message);
        }
        await tls.WriteAsync(frames.GetBuffer().AsMemory(0, (int)frames.Length), ct);
        await tls.FlushAsync(ct);
        await tls.ShutdownAsync();
        client.Client.Shutdown(SocketShutdown.Send);
        var rest = new byte[256];
        while (await tls.ReadAsync(rest, ct) > 0) { }
    }

    private SslClientAuthenticationOptions Trust()
    {
        var options = new SslClientAuthenticationOptions { TargetHost = Host };
        if (Authority.Length > 0)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Authority);
        }
        return options;
    }
}
