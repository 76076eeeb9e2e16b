/** Whose hands the device is in, and what frames every staff page. */
export interface FrameView {
  /** The class or room that this device shows now. */
  place: {
    id: string;
    kind: 'class' | 'room';
    name: string;
    joint: boolean;
    facility: string;
    ages: [number, number] | null;
  };
  places: { id: string; kind: 'class' | 'room'; name: string }[];
  recorder: { id: string; name: string } | null;
  /** On duty here and one tap away. */
  others: { id: string; name: string }[];
  /** What waits, per rail item. */
  counts: { messages: number; evening: number };
  role: 'caregiver' | 'lead_teacher' | 'director' | 'office' | 'ict_contact' | 'city';
}
