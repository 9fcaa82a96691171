// A modality's console: asks its worklist, reports its step, asks for commitment and waits for the answer. Prints what it was told as JSON.
// usage: node modality.cjs PORT LISTEN ACCESSION IMAGES
const net = require('node:net');
const listen = net.Server.prototype.listen;
// The library listens on every address and cannot be told otherwise.
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, '127.0.0.1', ...rest);
};
const dcmjsDimse = require('dcmjs-dimse');
dcmjsDimse.log.level = 'error';
const { Client, Server, Scp, Dataset } = dcmjsDimse;
const { CFindRequest, NCreateRequest, NSetRequest, NActionRequest } = dcmjsDimse.requests;
const { NEventReportResponse } = dcmjsDimse.responses;
const { Status, PresentationContextResult, TransferSyntax } = dcmjsDimse.constants;

const [port, listenPort, accession, images] = process.argv.slice(2);
const mpps = '1.2.840.10008.3.1.2.3.3';
const commitment = '1.2.840.10008.1.20.1';
const told = { worklist: [], create: [], set: [], action: [], events: [] };

const send = (requests) =>
  new Promise((resolve, reject) => {
    const client = new Client();
    requests.forEach((r) => client.addRequest(r));
    client.on('networkError', reject);
    client.on('closed', resolve);
    client.send('127.0.0.1', Number(port), 'MOD', 'FIDUCIAL');
  });

const exchange = async (request, into) => {
  request.on('response', (r) => into.push(r.getStatus()));
  await send([request]);
};

class Listener extends Scp {
  associationRequested(association) {
    association.getPresentationContexts().forEach((c) => {
      const context = association.getPresentationContext(c.id);
      context.setResult(PresentationContextResult.Accept, TransferSyntax.ImplicitVRLittleEndian);
    });
    this.sendAssociationAccept();
  }

  nEventReportRequest(request, callback) {
    told.events.push({ type: request.getEventTypeId(), ...request.getDataset().getElements() });
    const response = NEventReportResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}

const main = async () => {
  const find = CFindRequest.createWorklistFindRequest({
    AccessionNumber: accession,
    PatientName: '',
    PatientID: '',
    StudyInstanceUID: '',
    RequestedProcedureID: '',
    ScheduledProcedureStepSequence: [
      { Modality: 'DX', ScheduledStationAETitle: 'MOD', ScheduledProcedureStepStartDate: '', ScheduledProcedureStepID: '' },
    ],
  });
  find.on('response', (r) => {
    if (r.getStatus() === Status.Pending && r.hasDataset()) {
      told.worklist.push(r.getDataset().getElements());
    }
  });
  await send([find]);
  const item = told.worklist[0];

  const step = Dataset.generateDerivedUid();
  const create = () => {
    const request = new NCreateRequest(mpps, step);
    request.setDataset(
      new Dataset({
        Modality: 'DX',
        PatientID: item.PatientID,
        PerformedStationAETitle: 'MOD',
        PerformedProcedureStepID: '1',
        PerformedProcedureStepStatus: 'IN PROGRESS',
        PerformedProcedureStepStartDate: '20261124',
        PerformedProcedureStepStartTime: '120000',
        ScheduledStepAttributesSequence: [
          { StudyInstanceUID: item.StudyInstanceUID, AccessionNumber: accession, ScheduledProcedureStepID: accession },
        ],
      })
    );
    return request;
  };
  const set = (status, uid = step) => {
    const request = new NSetRequest(mpps, uid);
    request.setDataset(
      new Dataset({
        PerformedProcedureStepStatus: status,
        PerformedSeriesSequence: [
          {
            SeriesInstanceUID: '1.2.3',
            ReferencedImageSequence: images.split(',').map((i) => ({
              ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
              ReferencedSOPInstanceUID: i,
            })),
          },
        ],
      })
    );
    return request;
  };
  await exchange(create(), told.create);
  await exchange(create(), told.create);
  await exchange(set('COMPLETED', '1.2.3.4'), told.set);
  await exchange(set('IN PROGRESS'), told.set);
  await exchange(set('COMPLETED'), told.set);
  await exchange(set('DISCONTINUED'), told.set);

  const server = new Server(Listener);
  server.listen(Number(listenPort));
  for (const references of [images.split(','), [...images.split(','), '1.2.3.4.5']]) {
    const before = told.events.length;
    const action = new NActionRequest(commitment, '1.2.840.10008.1.20.1.1', 1);
    action.setDataset(
      new Dataset({
        TransactionUID: Dataset.generateDerivedUid(),
        ReferencedSOPSequence: references.map((i) => ({
          ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
          ReferencedSOPInstanceUID: i,
        })),
      })
    );
    await exchange(action, told.action);
    for (let wait = 0; wait < 600 && told.events.length === before; wait++) {
      await new Promise((r) => setTimeout(r, 100));
    }
  }
  server.close();
  console.log(`TOLD ${JSON.stringify(told)}`);
  process.exit(0);
};

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
