using System.Text;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Fuzz;

/// <summary>What a requestor sends on one association, and what a client posts in one request.</summary>
internal static class NetworkSeeds
{
    private const string Find = DicomUids.StudyRootQueryRetrieveInformationModelFind;
    private const string Get = DicomUids.StudyRootQueryRetrieveInformationModelGet;
    private const string Move = DicomUids.StudyRootQueryRetrieveInformationModelMove;
    private const string Commitment = DicomUids.StorageCommitmentPushModel;

    private static readonly string[] Classes =
    [
        DicomUids.Verification,
        DicomUids.CTImageStorage,
        Find,
        Get,
        Move,
        Commitment,
    ];

    public static IEnumerable<byte[]> Associations()
    {
        var study = new DicomDataSet()
            .Set(DicomTags.QueryRetrieveLevel, "STUDY")
            .Set(DicomTags.StudyInstanceUID, "1.2.3.4");
        var search = new DicomDataSet()
            .Set(DicomTags.QueryRetrieveLevel, "STUDY")
            .Set(DicomTags.PatientName, "D*")
            .Set(DicomTags.StudyDate, "20260101-")
            .Set(DicomTags.StudyTime, "10-")
            .Set(DicomTags.StudyInstanceUID, "");
        var wanted = new DicomDataSet()
            .Set(DicomTags.TransactionUID, "1.2.9")
            .SetItems(
                DicomTags.ReferencedSOPSequence,
                new DicomDataSet()
                    .Set(DicomTags.ReferencedSOPClassUID, DicomUids.CTImageStorage)
                    .Set(DicomTags.ReferencedSOPInstanceUID, "1.2.3")
            );
        var image = new DicomDataSet()
            .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
            .Set(DicomTags.SOPInstanceUID, "1.2.3")
            .Set(DicomTags.StudyInstanceUID, "1.2.3.4")
            .Set(DicomTags.SeriesInstanceUID, "1.2.3.5");
        yield return [.. Open(), .. Echo(), .. ShortPdus.ReleaseRequest()];
        yield return
        [
            .. Open(),
            .. Message(CommandSet.StoreRequest(1, DicomUids.CTImageStorage, "1.2.3"), DicomUids.CTImageStorage, image),
            .. Message(CommandSet.Query(CommandField.CGetRequest, 2, Get), Get, study),
            .. ShortPdus.ReleaseRequest(),
        ];
        yield return
        [
            .. Open(),
            .. Message(CommandSet.Query(CommandField.CFindRequest, 1, Find), Find, search),
            .. RawCommand(CommandSet.Cancel(1), Find),
            .. ShortPdus.ReleaseRequest(),
        ];
        yield return
        [
            .. Open(),
            .. Message(CommandSet.Query(CommandField.CMoveRequest, 1, Move, "NOBODY"), Move, study),
            .. Message(
                CommandSet
                    .Requested(
                        CommandField.NActionRequest,
                        2,
                        Commitment,
                        DicomUids.StorageCommitmentPushModelInstance,
                        hasDataSet: true
                    )
                    .WithAction(1),
                Commitment,
                wanted
            ),
            .. ShortPdus.Abort(AbortReason.ServiceUser),
        ];
    }

    public static IEnumerable<byte[]> Bodies(IEnumerable<byte[]> files)
    {
        var all = files.ToList();
        foreach (var file in all)
        {
            yield return Body([file]);
        }
        yield return Body(all);
        yield return Encoding.ASCII.GetBytes($"--{ArchiveUnderFire.Boundary}--\r\n");
    }

    private static byte[] Body(IEnumerable<byte[]> parts)
    {
        using var body = new MemoryStream();
        foreach (var part in parts)
        {
            body.Write(
                Encoding.ASCII.GetBytes($"\r\n--{ArchiveUnderFire.Boundary}\r\nContent-Type: application/dicom\r\n\r\n")
            );
            body.Write(part);
        }
        body.Write(Encoding.ASCII.GetBytes($"\r\n--{ArchiveUnderFire.Boundary}--\r\n"));
        return body.ToArray();
    }

    private static byte[] Open() =>
        new AssociateRequest
        {
            CalledAE = "FIDUCIAL",
            CallingAE = "FUZZ",
            Contexts =
            [
                .. Classes.Select((c, i) => new ProposedContext(IdOf(i), c, [DicomUids.ExplicitVRLittleEndian])),
            ],
            Roles = [new RoleSelection(DicomUids.CTImageStorage, Scu: true, Scp: true)],
            Extensions = [new ExtendedNegotiation(Find, new byte[] { 1, 1, 1 })],
            Identity = new UserIdentity(1, WantsResponse: true, "user"u8.ToArray(), default),
        }.ToBytes();

    private static byte[] Echo() =>
        RawCommand(
            CommandSet.Request(CommandField.CEchoRequest, 1, DicomUids.Verification, hasDataSet: false),
            DicomUids.Verification
        );

    private static byte[] Message(CommandSet command, string sopClass, DicomDataSet dataSet)
    {
        using var stream = new MemoryStream();
        DicomFile.WriteDataSet(stream, dataSet, TransferSyntax.ExplicitVRLittleEndian);
        return [.. RawCommand(command, sopClass), .. Pdu(stream.ToArray(), isCommand: false, sopClass)];
    }

    private static byte[] RawCommand(CommandSet command, string sopClass) =>
        Pdu(command.ToBytes(), isCommand: true, sopClass);

    private static byte[] Pdu(byte[] value, bool isCommand, string sopClass)
    {
        var pdu = new byte[12 + value.Length];
        DataPdus.WriteHeader(pdu, IdOf(Array.IndexOf(Classes, sopClass)), isCommand, isLast: true, value.Length);
        value.CopyTo(pdu, 12);
        return pdu;
    }

    private static byte IdOf(int place) => (byte)(2 * place + 1);
}
