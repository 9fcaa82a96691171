using Fiducial.Pathway.Rooms;

namespace Fiducial.Results.Delivery;

internal sealed class AddressBook(IRecipientDirectory doctors) : IAddressBook
{
    public async Task<IReadOnlyList<DoctorAddress>> AllAsync(CancellationToken ct) =>
        [
            .. (await doctors.AllAsync(ct)).Select(d => new DoctorAddress(
                d.PersonId,
                d.Name,
                d.Endpoint,
                d.EndpointVerifiedAt,
                d.LicenceActive
            )),
        ];
}
