"""What people praise and complain about, by aspect of a product.

Slots: {this}, {it} and {them} name the product ("this kettle", "these headphones"); {is}, {was},
{has}, {s} and {es} agree with it; {very} is a degree word, {time} a stretch of time, {who} someone
of the household.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Aspect:
    """Clauses for one aspect, without capital or full stop."""

    good: tuple[str, ...]
    bad: tuple[str, ...]


ASPECTS: Final[dict[str, Aspect]] = {
    "sound": Aspect(
        (
            "the sound is {very} clear and full",
            "the bass is deep without drowning the voices",
            "music sounds warm and detailed at any volume",
            "I hear things in old songs that I never noticed before",
            "dialogue is finally easy to understand",
            "it fills the whole living room with lovely sound",
        ),
        (
            "the sound is {very} thin and tinny",
            "the bass rattles as soon as I turn it up",
            "voices sound muffled, as if under a blanket",
            "there is a constant hiss in quiet passages",
            "one side is clearly quieter than the other",
            "it distorts badly above half volume",
        ),
    ),
    "comfort": Aspect(
        (
            "I can use {them} for hours and forget that I have {them} on",
            "{it} {is} {very} comfortable, even with glasses",
            "the padding is soft and nothing pinches",
            "fits my small hands perfectly",
            "after a full working day nothing hurts",
        ),
        (
            "my ears hurt after half an hour",
            "{it} press{es} {very} hard and give{s} me a headache",
            "the shape just does not fit me, nothing stays in place",
            "the padding gets hot and sweaty",
            "uncomfortable after {time}, I keep taking breaks",
        ),
    ),
    "battery": Aspect(
        (
            "the battery lasts {very} long, I charge once a week",
            "I get a whole working day out of one charge",
            "ten minutes of charging is enough for the evening",
            "battery life is better than promised",
            "the battery still holds up after {time}",
        ),
        (
            "the battery is flat by lunchtime",
            "battery life is nowhere near what the box says",
            "it takes ages to charge and then dies {very} quickly",
            "after {time} it barely holds a charge",
            "the battery drains overnight even when switched off",
        ),
    ),
    "connection": Aspect(
        (
            "pairing took five seconds and it never dropped since",
            "the connection is rock solid, even two rooms away",
            "switches between phone and laptop without a hitch",
            "it reconnects by itself every time",
            "no drop-outs at all in {time}",
        ),
        (
            "it loses the connection several times a day",
            "pairing is a lottery, I have to reset it every morning",
            "the signal stutters as soon as I leave the room",
            "it refuses to talk to my laptop",
            "drops out in the middle of every call",
        ),
    ),
    "mic": Aspect(
        (
            "people on calls say that I sound {very} clear",
            "the microphone filters out the traffic nicely",
            "my colleagues hear me perfectly in meetings",
        ),
        (
            "nobody understands me on calls",
            "the microphone picks up everything but my voice",
            "I sound like a robot in every meeting",
        ),
    ),
    "remote": Aspect(
        (
            "the remote is simple and has the buttons I need",
            "one remote for everything, what a relief",
            "voice search on the remote works {very} well",
        ),
        (
            "the remote is sluggish and eats batteries",
            "half of the buttons on the remote do nothing",
            "I press a key three times before anything happens",
        ),
    ),
    "setup": Aspect(
        (
            "set up in ten minutes, no manual needed",
            "installation was {very} easy, even for me",
            "plugged in, scanned the code, done",
            "{who} had it running before I finished my coffee",
            "the guided setup explains every step",
        ),
        (
            "setup took me a whole evening",
            "the instructions are useless and skip half of the steps",
            "it failed to find my network eleven times",
            "I needed {who} to get it installed at all",
            "the setup wizard hangs at ninety percent",
        ),
    ),
    "portability": Aspect(
        (
            "small enough for my backpack and {very} sturdy",
            "light, goes with us on every trip",
            "survived the beach, the rain and the kids",
        ),
        (
            "far heavier than the photos suggest",
            "too bulky to take anywhere",
            "the cover slips off in every bag",
        ),
    ),
    "screen": Aspect(
        (
            "the screen is {very} sharp and bright",
            "colours look natural and text is crisp",
            "easy to read even in full sun",
            "my eyes are less tired in the evening",
        ),
        (
            "the screen flickers at low brightness",
            "two dead pixels right in the middle",
            "it is so dim that I see nothing outdoors",
            "colours look washed out next to my old one",
        ),
    ),
    "speed": Aspect(
        (
            "it is {very} fast, everything opens at once",
            "no lag, not even with thirty tabs open",
            "starts in seconds and never stutters",
        ),
        (
            "it is painfully slow, even menus lag",
            "freezes at least once a day",
            "it has become slower with every update",
        ),
    ),
    "keys": Aspect(
        (
            "typing feels {very} precise and quiet",
            "the keys have just the right travel",
            "I type faster than before and make fewer mistakes",
        ),
        (
            "the space bar sticks after {time}",
            "keys register twice or not at all",
            "the letters are already rubbing off",
        ),
    ),
    "fan_noise": Aspect(
        (
            "it stays cool and silent even under load",
            "I have never heard the fan",
        ),
        (
            "the fan sounds like a hair dryer",
            "it gets too hot to keep on my lap",
        ),
    ),
    "stand": Aspect(
        (
            "the stand is solid and easy to adjust",
            "it does not wobble one bit on my desk",
        ),
        (
            "the stand wobbles with every keystroke",
            "one foot came off within {time}",
        ),
    ),
    "app": Aspect(
        (
            "the app is clear and does what it should",
            "the app found it at once and never lost it",
            "schedules in the app are {very} handy",
            "everything can be set from the sofa in the app",
        ),
        (
            "the app crashes every time I open it",
            "the app logs me out twice a week",
            "you need an account for everything and the app is {very} confusing",
            "since I installed the app nothing works on the first try",
        ),
    ),
    "alerts": Aspect(
        (
            "alerts arrive within a second and are never wrong",
            "it tells the cat from a visitor, impressive",
            "I feel much safer when we travel",
        ),
        (
            "alerts arrive minutes after the visitor has left",
            "it reports every passing car as a person",
            "forty false alarms in one night, I switched it off",
        ),
    ),
    "picture": Aspect(
        (
            "the picture is {very} sharp, even at night",
            "films look gorgeous, blacks are really black",
            "you can read a number plate across the street",
            "the image is bright and smooth, sport looks great",
        ),
        (
            "the picture is grainy as soon as it gets dark",
            "everything moving turns into a blur",
            "there is an ugly shadow in one corner of the picture",
            "the image freezes every few minutes",
        ),
    ),
    "controls": Aspect(
        (
            "the controls are {very} simple, one knob and done",
            "buttons are large and easy to see",
            "it remembers my settings, lovely",
        ),
        (
            "the touch buttons ignore wet fingers",
            "nobody at home understands the controls",
            "it beeps loudly at every press and you cannot stop it",
        ),
    ),
    "saving": Aspect(
        (
            "our bill went down noticeably",
            "it paid for itself within {time}",
            "uses far less power than the old one",
        ),
        (
            "our bill went up instead of down",
            "it uses far more power than they claim",
            "the promised savings are a fairy tale",
        ),
    ),
    "brightness": Aspect(
        (
            "bright enough for the whole room and {very} cosy when dimmed",
            "the colours are rich and even",
            "dims smoothly without any flicker",
        ),
        (
            "far too dim for a normal room",
            "it flickers as soon as I dim it",
            "two of them do not match in colour",
        ),
    ),
    "tracking": Aspect(
        (
            "the readings match those at my doctor's",
            "sleep and steps are {very} accurate",
            "it motivates me to move every day",
            "the numbers are consistent from day to day",
        ),
        (
            "the readings are all over the place",
            "it counts steps while I sit at my desk",
            "two measurements in a row differ {very} much",
            "it lost a whole week of my data",
        ),
    ),
    "strap": Aspect(
        (
            "the strap is soft and easy to clean",
            "light on the wrist, I even sleep with it",
        ),
        (
            "the strap broke after {time}",
            "the strap gave me a rash",
            "the clasp opens by itself, I nearly lost it",
        ),
    ),
    "heating": Aspect(
        (
            "heats up {very} fast and evenly",
            "hot in no time and exactly as set",
            "chips come out crisp with hardly any oil",
            "even results every single time",
        ),
        (
            "burnt on one side and cold on the other",
            "it takes forever to get warm",
            "it switches off before it is hot enough",
            "the temperature is {very} far off",
        ),
    ),
    "noise": Aspect(
        (
            "it is {very} quiet, the baby sleeps through it",
            "so quiet that I check whether it is on",
            "you can talk normally next to it",
            "the neighbours will thank me",
        ),
        (
            "it is {very} loud, we cannot hear each other",
            "it rattles and squeaks since day one",
            "there is a high whine that drives me mad",
            "sounds like a jet taking off",
        ),
    ),
    "cleaning": Aspect(
        (
            "everything comes apart and goes into the dishwasher",
            "cleaning takes two minutes",
            "wipes clean {very} easily",
            "nothing sticks to it",
        ),
        (
            "a nightmare to clean, food gets stuck in every corner",
            "you cannot reach the inside at all",
            "it smells after {time} no matter how I clean it",
            "cleaning takes longer than using it",
        ),
    ),
    "size": Aspect(
        (
            "the size is perfect for a family of four",
            "fits under our cupboards",
            "holds more than you would think",
        ),
        (
            "much smaller than it looks in the pictures",
            "takes up half of the worktop",
            "barely enough for one person",
        ),
    ),
    "taste": Aspect(
        (
            "the taste is as good as in my favourite cafe",
            "{very} creamy and smooth, the guests asked for more",
            "I have not bought any outside since",
            "you taste the difference from the first day",
        ),
        (
            "everything tastes of plastic",
            "the result is watery and bland",
            "bitter whatever setting I try",
            "it never gets the texture right",
        ),
    ),
    "suction": Aspect(
        (
            "picks up every hair from our two dogs",
            "the suction is {very} strong, even on thick carpet",
            "floors have never been so clean",
            "it gets right into the corners",
        ),
        (
            "it pushes crumbs around instead of picking them up",
            "hair wraps around the brush every single time",
            "suction is {very} weak on carpet",
            "it leaves streaks all over the floor",
        ),
    ),
    "mapping": Aspect(
        (
            "it learned our flat on the first run",
            "finds its way back every time",
            "it goes around toys and cables like a pro",
        ),
        (
            "it gets stuck under the sofa every day",
            "cleans the same corner twice and forgets the hall",
            "it cannot find its dock",
        ),
    ),
    "weight": Aspect(
        (
            "light enough to carry upstairs with one hand",
            "well balanced, my wrist does not hurt",
        ),
        (
            "so heavy that my arm hurts",
            "top-heavy, it falls over all the time",
        ),
    ),
    "airflow": Aspect(
        (
            "cools the bedroom down in minutes",
            "you feel the breeze right across the room",
            "the air feels {very} fresh in the morning",
            "we finally slept through the heat",
        ),
        (
            "it just moves warm air around",
            "even at full power you hardly feel anything",
            "the room is as stuffy as before",
        ),
    ),
    "warmth": Aspect(
        (
            "warms the bathroom in five minutes",
            "{very} cosy, even in our old house",
            "gives an even, gentle warmth",
        ),
        (
            "it barely warms the air right in front of it",
            "it smells of burnt dust every time",
            "it switches itself off after ten minutes",
        ),
    ),
    "filter": Aspect(
        (
            "my hay fever is {very} much better",
            "filters are easy to change and last long",
        ),
        (
            "replacement filters cost a fortune",
            "the filter light stays on whatever I do",
        ),
    ),
}

EVERYWHERE: Final[dict[str, Aspect]] = {
    "price": Aspect(
        (
            "{very} good value for the money",
            "worth every cent",
            "cheaper than elsewhere and just as good",
            "got it in the sale, a real bargain",
        ),
        (
            "{very} overpriced for what you get",
            "a week later it was thirty euros cheaper",
            "I paid a premium price for budget quality",
        ),
    ),
    "build": Aspect(
        (
            "the build quality is excellent",
            "it feels solid and well made",
            "still looks like new after {time}",
            "the finish is beautiful",
        ),
        (
            "it feels cheap and creaks",
            "a plastic part broke off after {time}",
            "stopped working after {time}",
            "scratches if you only look at it",
            "it arrived with a crack and loose screws",
        ),
    ),
    "delivery": Aspect(
        (
            "arrived a day early",
            "delivery was {very} fast and the driver friendly",
            "came well packed and on time",
        ),
        (
            "delivery took two weeks instead of two days",
            "the parcel was left in the rain",
            "the box arrived crushed",
        ),
    ),
    "support": Aspect(
        (
            "support answered within an hour and solved it",
            "customer service sent a spare part for free",
            "the advice in the shop was {very} helpful",
        ),
        (
            "customer service never answers",
            "support keeps sending the same copied text",
            "three calls and still no solution",
        ),
    ),
    "look": Aspect(
        (
            "{it} look{s} {very} good in our home",
            "the design is simple and elegant",
            "everybody asks where I got {them}",
        ),
        (
            "the colour is nothing like the photo",
            "an ugly thing, I hide it in the cupboard",
        ),
    ),
}

INCIDENTS: Final[dict[str, tuple[str, ...]]] = {
    "firmware_dropouts": (
        "since the October firmware update the sound cuts out every few minutes",
        "the latest update ruined them, bluetooth keeps dropping",
        "after the firmware update the battery is empty in three hours",
        "noise cancelling crackles horribly since update 4.2",
        "they were great until the new firmware, now they disconnect all the time",
        "the update broke the left side and there is no way to go back",
        "one software update and my favourite headphones became useless",
        "since the update they switch off in the middle of calls",
        "firmware 4.2 is a disaster, constant drop-outs and stuttering",
        "they should never have forced this update on us, the connection is now terrible",
    ),
    "wrong_heart_rate": (
        "since the summer update the heart rate is completely wrong",
        "it shows 180 beats while I am sitting on the sofa",
        "heart rate jumps around and ruins every workout",
        "the new version lost my sleep data and the pulse is a joke",
        "heart rate tracking is useless since August",
        "the pulse sensor stopped working after the update to version 3",
        "it wakes me at night with false heart alarms",
    ),
    "flaking_basket": (
        "the coating of the basket is flaking off into the food",
        "black flakes everywhere after only {time}",
        "the non-stick layer peels off, I am afraid to eat from it",
        "the coating came off in the first wash",
        "new basket, same problem, the coating peels again",
        "bits of coating in my chips, disgusting and dangerous",
    ),
    "lost_map": (
        "it loses its map every other day and starts from nothing",
        "it forgets the map and bumps into everything",
        "every morning the map is gone and the rooms are mixed up",
        "it drives in circles because the map is broken",
        "it cleans the hall five times and never finds the kitchen",
    ),
    "courier": (
        "the courier never rang and the parcel was lost for two weeks",
        "the delivery was three weeks late and nobody could tell me where it was",
        "the new courier threw the parcel over the fence, everything was broken",
        "delivered to a wrong address, the courier just shrugged",
        "tracking said delivered but nothing ever arrived",
        "the box was soaked and crushed when the courier finally came",
        "four missed deliveries although I was at home all day",
    ),
}
"""What people write while a planted event lasts."""
