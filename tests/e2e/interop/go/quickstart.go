// All operations of a terminal, once: go run . http://127.0.0.1:8172
package main

//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../../../../openapi/dist/vision-ai-3.0-codegen.json

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"time"

	"vision-ai-quickstart/build/visionai"
)

const (
	id   = "001"
	name = "Apple"
)

func main() {
	log.SetFlags(0)
	isV2 := len(os.Args) == 3 && os.Args[2] == "v2"
	if len(os.Args) != 2 && !isV2 {
		log.Fatal("usage: go run . URL [v2]")
	}
	// The module connects over USB, so a proxy of the environment cannot reach it.
	client := &http.Client{Transport: &http.Transport{Proxy: nil}, Timeout: 30 * time.Second}
	if isV2 {
		if err := runV2(context.Background(), os.Args[1], client); err != nil {
			log.Fatal(err)
		}
		return
	}
	module, err := visionai.NewClient(os.Args[1], visionai.WithHTTPClient(client))
	if err != nil {
		log.Fatal(err)
	}
	steps := []func(context.Context, *visionai.Client) error{
		showDevice, takePicture, calibrate, recognize, backUp, restore, causeError,
	}
	for _, step := range steps {
		if err := step(context.Background(), module); err != nil {
			log.Fatal(err)
		}
	}
}

func showDevice(ctx context.Context, module *visionai.Client) error {
	info, err := readData[visionai.DeviceInfo](module.GetDeviceInfo(ctx))
	if err != nil {
		return err
	}
	fmt.Printf("device: firmware %s, serial number %s\n", info.Firmware, info.Sn)
	return nil
}

func takePicture(ctx context.Context, module *visionai.Client) error {
	jpeg, err := readBytes(module.GetImage(ctx))
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(jpeg, []byte{0xFF, 0xD8, 0xFF}) || !bytes.HasSuffix(jpeg, []byte{0xFF, 0xD9}) {
		return fmt.Errorf("%d bytes that are not a complete JPEG", len(jpeg))
	}
	if err := os.WriteFile("build/pan.jpg", jpeg, 0o644); err != nil {
		return err
	}
	fmt.Printf("picture: %d bytes, build/pan.jpg\n", len(jpeg))
	return nil
}

func calibrate(ctx context.Context, module *visionai.Client) error {
	pan := visionai.CalibrationArea{Left: 444, Top: 39, Width: 348, Height: 482}
	if err := check(module.SetCalib(ctx, visionai.SetCalibRequest(pan))); err != nil {
		return err
	}
	area, err := readData[visionai.CalibrationArea](module.GetCalib(ctx))
	if err != nil {
		return err
	}
	if area != pan {
		return fmt.Errorf("set %+v, read back %+v", pan, area)
	}
	fmt.Printf("calibration: %d x %d pixels at %d, %d\n", area.Width, area.Height, area.Left, area.Top)
	return nil
}

func recognize(ctx context.Context, module *visionai.Client) error {
	template := visionai.RegisterItemRequest{Id: id, Name: name}
	if err := check(module.RegisterItem(ctx, template)); err != nil {
		return err
	}
	product := visionai.CommitRegisteredItemRequest{Id: id}
	if err := check(module.CommitRegisteredItem(ctx, product)); err != nil {
		return err
	}

	result, err := readData[visionai.RecognitionResult](module.GetResult(ctx))
	if err != nil {
		return err
	}
	index := slices.IndexFunc(result.Items, func(guess visionai.RecognizedItem) bool { return guess.Id == id })
	if index < 0 {
		return fmt.Errorf("%s is not among the guesses %v", name, result.Items)
	}

	choice := visionai.ResultFeedbackRequest{Sid: result.Sid, Id: id, Name: name, Intop: true}
	if err := check(module.ResultFeedback(ctx, choice)); err != nil {
		return err
	}
	fmt.Printf("recognition: %s, %.0f %%\n", name, 100*result.Items[index].Score)
	return nil
}

func backUp(ctx context.Context, module *visionai.Client) error {
	if err := check(module.StartBackup(ctx)); err != nil {
		return err
	}
	status, err := readFields[progress](module.GetBackupStatus(ctx))
	// Use the rule, not the list of numbers: newer firmware may have more of them (A12).
	for err == nil && status.Status != 0 && status.Status < 3 {
		time.Sleep(time.Second)
		status, err = readFields[progress](module.GetBackupStatus(ctx))
	}
	if err != nil {
		return err
	}
	if status.Status != 3 {
		return fmt.Errorf("the backup ended with status %d", status.Status)
	}
	content, err := readBytes(module.DownloadBackup(ctx, status.Filename))
	if err != nil {
		return err
	}
	if err := os.WriteFile("build/backup.evo", content, 0o644); err != nil {
		return err
	}
	fmt.Printf("backup: %d bytes, build/backup.evo\n", len(content))
	return nil
}

func restore(ctx context.Context, module *visionai.Client) error {
	form, contentType, err := buildForm("build/backup.evo")
	if err != nil {
		return err
	}
	if err := check(module.StartRestoreWithBody(ctx, contentType, form)); err != nil {
		return err
	}
	status, err := readFields[progress](module.GetRestoreStatus(ctx))
	for err == nil && status.Status != 0 && status.Status < 4 {
		time.Sleep(time.Second)
		status, err = readFields[progress](module.GetRestoreStatus(ctx))
	}
	if err != nil {
		return err
	}
	if status.Status != 4 {
		return fmt.Errorf("the restore ended with status %d", status.Status)
	}
	fmt.Println("restore: the module restored the backup")
	return nil
}

// buildForm returns a form with the file, in a part with the name of the contract (A4).
func buildForm(path string) (form *bytes.Buffer, contentType string, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	form = &bytes.Buffer{}
	writer := multipart.NewWriter(form)
	part, err := writer.CreateFormFile("file", "backup.evo")
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(content); err != nil {
		return nil, "", err
	}
	return form, writer.FormDataContentType(), writer.Close()
}

func causeError(ctx context.Context, module *visionai.Client) error {
	product := visionai.CommitRegisteredItemRequest{Id: "no such product"}
	err := check(module.CommitRegisteredItem(ctx, product))
	var failure DeviceError
	if !errors.As(err, &failure) || failure.Code != int32(visionai.FILENOTFOUND) {
		return fmt.Errorf("a product that is not registered was committed: %v", err)
	}
	fmt.Printf("error: %d for a product that is not registered\n", failure.Code)
	return nil
}
