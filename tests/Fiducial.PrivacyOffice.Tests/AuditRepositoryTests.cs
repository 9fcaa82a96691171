using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using Fiducial.Pathway.Audit;
using Fiducial.PrivacyOffice.Audit;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.PrivacyOffice.Tests;

/// <summary>The audit goes to a repository outside, over UDP and over TLS, and nothing is lost while that is down.</summary>
public sealed class AuditRepositoryTests
{
    [Fact]
    public async Task Over_udp_each_row_is_a_syslog_message_with_the_dicom_audit_message()
    {
        using var listener = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)listener.Client.LocalEndPoint!).Port;
        await using var clinic = await ClinicInABox.OpenAsync(
            repository: new AuditRepository("127.0.0.1", port, Tls: false)
        );
        var exam = await clinic.ExamAsync(Chapter.Booked);
        await clinic.PrivacyOfficer.Opens($"/privacy/exams/{exam}");
        await clinic.Technologist.Opens($"/privacy/exams/{exam}");
        var messages = new List<string>();
        while (!messages.Exists(m => m.Contains("EventOutcomeIndicator=\"4\"") && m.Contains($"{exam}")))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            messages.Add(Encoding.UTF8.GetString((await listener.ReceiveAsync(patience.Token)).Buffer));
        }
        var read = messages.Single(m => m.Contains("UserID=\"prisca\"") && m.Contains($"{exam}"));
        read.Should()
            .MatchRegex(
                @"^<85>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z \S+ Fiducial \d+ DICOM\+RFC3881 - \uFEFF<AuditMessage>"
            );
        var xml = XElement.Parse(read[read.IndexOf("<AuditMessage", StringComparison.Ordinal)..]);
        ((string?)xml.Element("EventIdentification")!.Element("EventID")!.Attribute("csd-code"))
            .Should()
            .Be("110101", "the privacy officer used the audit");
        xml.Elements("ParticipantObjectIdentification")
            .Select(p => (string?)p.Attribute("ParticipantObjectID"))
            .Should()
            .Equal("FID-0001", $"{exam}", "/privacy/exams/{Exam:guid}");
    }

    [Fact]
    public async Task While_there_is_nothing_to_send_nothing_is_written()
    {
        using var listener = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var clinic = await ClinicInABox.OpenAsync(
            onPostgres: true,
            repository: new AuditRepository("127.0.0.1", ((IPEndPoint)listener.Client.LocalEndPoint!).Port, Tls: false)
        );
        await clinic.PrivacyOfficer.Opens("/privacy");
        // The number of the transaction that wrote the row last, once all is sent.
        Task<string> WrittenAsync() =>
            clinic.InDatabaseAsync(db =>
                db.Database.SqlQuery<string>(
                        $"""
                        select coalesce((select f.xmin::text from audit_feeds f
                            where f."Sequence" = (select max("Sequence") from audit) and f."LeasedUntil" is null), '') as "Value"
                        """
                    )
                    .SingleAsync()
            );
        var written = "";
        for (var i = 0; i < 200 && written.Length == 0; i++)
        {
            await Task.Delay(100);
            written = await WrittenAsync();
        }
        written.Should().NotBeEmpty();
        await Task.Delay(2_500);
        (await WrittenAsync()).Should().Be(written);
    }

    [Fact]
    public async Task Over_tls_what_happened_while_the_repository_was_down_comes_afterwards_in_order_and_without_a_gap()
    {
        using var folder = new Certificates();
        var port = FreePort();
        await using var clinic = await ClinicInABox.OpenAsync(
            repository: new AuditRepository("localhost", port, Tls: true, folder.Authority)
        );
        await clinic.PrivacyOfficer.Opens("/privacy");
        await Task.Delay(1500);
        // The house closes and opens while the repository is still down.
        await clinic.RestartAsync();
        var due = await clinic.InDatabaseAsync(db => db.Set<AuditEntry>().CountAsync());
        due.Should().BeGreaterThan(1);
        await using (var repository = new Repository(port, folder.Server))
        {
            await repository.WaitAsync(due);
            await clinic.PrivacyOfficer.Opens("/privacy");
            var all = await clinic.InDatabaseAsync(db =>
                db.Set<AuditEntry>().AsNoTracking().OrderBy(e => e.Sequence).ToListAsync()
            );
            await repository.WaitAsync(all.Count);
            repository
                .Messages.Select(m => m.Split(' ')[1])
                .Distinct()
                .Should()
                .Equal(
                    all.Select(e => e.At.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture))
                        .Distinct()
                );
        }
    }

    [Fact]
    public async Task A_repository_whose_certificate_is_not_of_the_named_authority_gets_nothing()
    {
        using var folder = new Certificates();
        using var others = new Certificates();
        var port = FreePort();
        await using var repository = new Repository(port, others.Server);
        await using var clinic = await ClinicInABox.OpenAsync(
            repository: new AuditRepository("localhost", port, Tls: true, folder.Authority)
        );
        await clinic.PrivacyOfficer.Opens("/privacy");
        await Task.Delay(3000);
        repository.Connections.Should().BePositive();
        repository.Messages.Should().BeEmpty();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A syslog server over TLS that reads frames as RFC 5425 counts them.</summary>
    private sealed class Repository : IAsyncDisposable
    {
        private readonly TcpListener _listener;
        private readonly X509Certificate2 _certificate;
        private readonly CancellationTokenSource _end = new();
        private readonly Task _serving;
        private readonly List<string> _messages = [];
        private int _connections;

        public Repository(int port, X509Certificate2 certificate)
        {
            _certificate = certificate;
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Connections => Volatile.Read(ref _connections);

        public IReadOnlyList<string> Messages
        {
            get
            {
                lock (_messages)
                {
                    return [.. _messages];
                }
            }
        }

        public async Task WaitAsync(int count)
        {
            for (var tries = 0; tries < 900 && Messages.Count < count; tries++)
            {
                await Task.Delay(100);
            }
            Messages.Count.Should().BeGreaterThanOrEqualTo(count);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener.Stop();
            await _serving;
            _end.Dispose();
        }

        private async Task ServeAsync()
        {
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                    Interlocked.Increment(ref _connections);
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(_certificate);
                    using var all = new MemoryStream();
                    await tls.CopyToAsync(all, _end.Token);
                    Take(all.ToArray());
                    await tls.ShutdownAsync();
                }
                catch (Exception e)
                    when (e
                            is OperationCanceledException
                                or IOException
                                or SocketException
                                or System.Security.Authentication.AuthenticationException
                    )
                {
                    // Who does not trust us, or has gone, sends nothing.
                }
            }
        }

        private void Take(byte[] frames)
        {
            var at = 0;
            while (at < frames.Length)
            {
                var space = Array.IndexOf(frames, (byte)' ', at);
                var length = int.Parse(Encoding.ASCII.GetString(frames, at, space - at), CultureInfo.InvariantCulture);
                lock (_messages)
                {
                    _messages.Add(Encoding.UTF8.GetString(frames, space + 1, length));
                }
                at = space + 1 + length;
            }
        }
    }

    /// <summary>An authority and a server that it vouches for.</summary>
    private sealed class Certificates : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-tls-").FullName;

        public Certificates()
        {
            var now = TimeProvider.System.GetUtcNow();
            using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var root = new CertificateRequest("CN=Test authority", rootKey, HashAlgorithmName.SHA256);
            root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var authority = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
            Authority = Path.Combine(_folder, "authority.pem");
            File.WriteAllText(Authority, authority.ExportCertificatePem());
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            using var certificate = request.Create(authority, now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);
            Server = certificate.CopyWithPrivateKey(key);
        }

        public string Authority { get; }
        public X509Certificate2 Server { get; }

        public void Dispose()
        {
            Server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
