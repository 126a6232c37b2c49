//! The sound: two short tones, made by the browser.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, OscillatorType};

/// Hertz of the tones, and when each begins, in seconds.
const TONES: [(f32, f64); 2] = [(587.3, 0.0), (880.0, 0.12)];

/// Seconds until a tone has faded.
const LASTS: f64 = 0.35;

/// Far below what a voice has.
const LOUDNESS: f32 = 0.12;

/// As near to silence as a tone fades; nothing fades to nothing.
const SILENCE: f32 = 0.000_1;

thread_local! {
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Plays it. A browser that lets no page be heard before it was clicked in stays silent.
pub fn play() {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        if let Some(context) = context {
            let _ = context.resume();
            let _ = TONES.iter().try_for_each(|tone| sound(context, *tone));
        }
    });
}

fn sound(context: &AudioContext, (pitch, begins): (f32, f64)) -> Result<(), JsValue> {
    let at = context.current_time() + begins;
    let (tone, fading) = (context.create_oscillator()?, context.create_gain()?);
    tone.set_type(OscillatorType::Sine);
    tone.frequency().set_value(pitch);
    fading.gain().set_value_at_time(LOUDNESS, at)?;
    fading
        .gain()
        .exponential_ramp_to_value_at_time(SILENCE, at + LASTS)?;
    tone.connect_with_audio_node(&fading)?;
    fading.connect_with_audio_node(&context.destination())?;
    tone.start_with_when(at)?;
    tone.stop_with_when(at + LASTS)
}
