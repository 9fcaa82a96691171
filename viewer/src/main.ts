import { FiducialViewer } from './ui/element';

if (!customElements.get('fiducial-viewer')) customElements.define('fiducial-viewer', FiducialViewer);
